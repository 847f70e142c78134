"""The door of a team's services: its hosts, and single sign-on for the team's groups before each of them.

A proxy stands before every service, in the platform's namespace of the proxies. What all teams share there is
`components/sign_on_cluster.py`, texts and numbers are `tenantry.sign_on`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.metadata import Marks
from components.sign_on.network import network
from components.sign_on.place import Place
from components.sign_on.proxy import proxies
from components.sign_on.routes import routes
from components.sign_on_cluster import CONCERN
from tenantry import hosts, names
from tenantry.environment import ClusterNetworkSpec
from tenantry.sign_on.spec import SignOnSpec
from tenantry.sign_on.upstreams import Upstream

__all__ = ["SignOn", "SignOnArgs"]


@dataclass(frozen=True, kw_only=True)
class SignOnArgs:
    """What a team's door is made from."""

    marks: Marks
    tenant: str
    namespace: pulumi.Input[str]
    """The team's own namespace."""
    sign_on: SignOnSpec
    network: ClusterNetworkSpec
    groups: tuple[str, ...]
    """Groups that are let in; never none."""
    behind: Mapping[str, Upstream]
    """Services by their hosts; at least one."""


class SignOn(pulumi.ComponentResource):
    """Everything between the ingress controller and a team's services.

    It makes no door that lets everybody in: without a group there is none. The Secret of the client it only mounts.
    """

    addresses: pulumi.Output[list[str]]
    """What people open in a browser."""

    def __init__(self, name: str, args: SignOnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:SignOn", name, None, opts)
        place = Place(
            name=name,
            tenant=args.tenant,
            namespace=names.SIGN_ON_NAMESPACE,
            marks=args.marks,
            parent=self,
            concern=CONCERN,
            protect=False,
            team=args.namespace,
            sign_on=args.sign_on,
            network=args.network,
            groups=args.groups,
            behind=args.behind,
        )
        network(place)
        proxies(place)
        routes(place)
        self.addresses = pulumi.Output.from_input([hosts.address(host) for host in args.behind])
        self.register_outputs({"addresses": self.addresses})
