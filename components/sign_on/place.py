"""What the parts of one team's door are built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pulumi
import pulumi_kubernetes as k8s

from components.install import Install
from components.metadata import NOTHING
from components.sign_on_cluster import PROXIES
from tenantry import names
from tenantry.environment import ClusterNetworkSpec
from tenantry.sign_on.arguments import Door
from tenantry.sign_on.spec import SignOnSpec
from tenantry.sign_on.upstreams import Upstream


@dataclass(frozen=True, kw_only=True)
class Place(Install):
    """One team's door: a pod with a proxy a service, in the namespace of the proxies."""

    team: pulumi.Input[str]
    """The team's own namespace."""
    sign_on: SignOnSpec
    network: ClusterNetworkSpec
    groups: tuple[str, ...]
    behind: Mapping[str, Upstream]
    """Services by their hosts."""

    @property
    def pods(self) -> dict[str, str]:
        """Labels of its pod."""
        return {**PROXIES, names.TENANT_LABEL: self.tenant}

    def own(self, annotations: Mapping[str, str] = NOTHING) -> k8s.meta.v1.ObjectMetaArgs:
        """Metadata of everything in the namespace of the proxies: named after the tenant."""
        marks = replace(self.marks, annotations={**annotations, **self.marks.annotations})
        return replace(self, marks=marks).meta(names.sign_on(self.tenant))

    def door(self, host: str) -> Door:
        """What the proxy of one host is told."""
        upstream = self.behind[host]
        return Door(
            sign_on=self.sign_on,
            network=self.network,
            host=host,
            groups=self.groups,
            upstream=upstream.address(names.namespace(self.tenant)),
            listens=upstream.listens,
        )
