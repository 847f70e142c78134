"""What the proxies of all teams share: a namespace of the platform's, and the ways into it and out of it.

Not in the teams' namespaces: the client's secret lies beside the proxies, developers read their team's Secrets, and
whoever has it can pose as every team's door.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from components.namespace import POD_SECURITY
from components.network import DEFAULT_DENY, DNS
from tenantry import names
from tenantry.environment import ClusterNetworkSpec
from tenantry.sign_on.addresses import holes, issuer_port
from tenantry.sign_on.spec import IngressSpec, SignOnSpec
from tenantry.sign_on.upstreams import UPSTREAMS

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import NetworkPolicyPeerArgsDict, NetworkPolicySpecArgsDict

CONCERN = "sign-on"
"""Value of the component's label."""
PROXIES = {names.COMPONENT_LABEL: CONCERN}


def from_ingress(ingress: IngressSpec) -> NetworkPolicySpecArgsDict:
    """From the ingress controller's pods to the proxies' ports."""
    controller: NetworkPolicyPeerArgsDict = {
        # Namespace and pod together: whatever else runs there comes no nearer.
        "namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": ingress.namespace}},
        "pod_selector": {"match_labels": dict(ingress.pods)},
    }
    return {
        "pod_selector": {"match_labels": PROXIES},
        "policy_types": ["Ingress"],
        "ingress": [{"from_": [controller], "ports": [{"protocol": "TCP", "port": one.listens} for one in UPSTREAMS]}],
    }


def to_issuer(sign_on: SignOnSpec, network: ClusterNetworkSpec) -> NetworkPolicySpecArgsDict:
    """From the proxies to the identity provider, on the one port of its address."""
    return {
        "pod_selector": {"match_labels": PROXIES},
        "policy_types": ["Egress"],
        "egress": [
            {
                "to": [
                    {"ip_block": {"cidr": cidr, "except_": list(holes(cidr, network))}}
                    for cidr in sign_on.issuer_addresses
                ],
                "ports": [{"protocol": "TCP", "port": issuer_port(sign_on.issuer)}],
            }
        ],
    }


def policies(sign_on: SignOnSpec, network: ClusterNetworkSpec) -> dict[str, NetworkPolicySpecArgsDict]:
    """Every policy of the namespace by its name. Ways to a team's services are in the team's stack."""
    return {
        "default-deny": DEFAULT_DENY,
        "dns": DNS,
        "from-ingress": from_ingress(sign_on.ingress),
        "to-issuer": to_issuer(sign_on, network),
    }


@dataclass(frozen=True, kw_only=True)
class SignOnClusterArgs:
    """What the namespace is made from."""

    marks: Marks
    sign_on: SignOnSpec
    network: ClusterNetworkSpec


class SignOnCluster(pulumi.ComponentResource):
    """The namespace of the proxies. It makes no proxy, and not the Secret of the client: that stands in no file."""

    namespace: pulumi.Output[str]
    """Name of the namespace, known after creation."""

    def __init__(self, name: str, args: SignOnClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:platform:SignOnCluster", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        made = k8s.core.v1.Namespace(
            name,
            metadata=args.marks.meta(CONCERN, names.SIGN_ON_NAMESPACE, labels=POD_SECURITY),
            # Not protected: all that is in it can be made anew, and while it is gone nobody comes in.
            opts=here,
        )
        self.namespace = made.metadata.name
        for policy, spec in policies(args.sign_on, args.network).items():
            k8s.networking.v1.NetworkPolicy(
                f"{name}-{policy}",
                metadata=args.marks.meta(CONCERN, f"{names.SIGN_ON_NAMESPACE}-{policy}", namespace=self.namespace),
                spec=spec,
                opts=here,
            )
        k8s.core.v1.ServiceAccount(
            f"{name}-account",
            metadata=args.marks.meta(CONCERN, names.SIGN_ON_NAMESPACE, namespace=self.namespace),
            # The proxies call no API server, and hold no right there.
            automount_service_account_token=False,
            opts=here,
        )
        self.register_outputs({"namespace": self.namespace})
