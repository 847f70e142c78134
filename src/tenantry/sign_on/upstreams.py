"""What stands behind the door: the Services of a team that people open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenantry import hosts, names
from tenantry.catalog import EffectiveTenant
from tenantry.pipelines import words
from tenantry.registry import words as registry


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """One Service in the team's namespace, and the port that its proxy listens on."""

    service: names.Service
    name: str
    """Of the Service in Kubernetes."""
    port: int
    """Of the Service."""
    target: int
    """Of its pods."""
    pods: Mapping[str, str]
    """Labels of its pods, besides the team's."""
    listens: int
    """Of the proxy. Each service has its own, so that one pod can hold the proxies of all."""

    def address(self, namespace: str) -> str:
        """The Service within the cluster. The slash at the end means every path below it."""
        return f"http://{self.name}.{namespace}.svc.{words.CLUSTER_DOMAIN}:{self.port}/"

    def labels(self, tenant: str) -> dict[str, str]:
        """Labels of its pods. No tenant may give its own pods the label of the tenant."""
        return {**self.pods, names.TENANT_LABEL: tenant}


UPSTREAMS = (
    Upstream(
        service="pipelines",
        name=words.UI,
        port=80,
        target=words.UI_PORT,
        pods={"app": words.UI, names.COMPONENT_LABEL: "pipelines"},
        listens=4180,
    ),
    Upstream(
        service="registry",
        name=registry.SERVER,
        port=registry.PORT,
        target=registry.PORT,
        pods={"app": registry.SERVER, names.COMPONENT_LABEL: "registry"},
        listens=4181,
    ),
)
"""Every service that has a door, in the order of `hosts.SERVICES`."""


def upstreams(tenant: EffectiveTenant) -> tuple[Upstream, ...]:
    """Those of a tenant that people reach through single sign-on."""
    there = hosts.hosts(tenant)
    return tuple(one for one in UPSTREAMS if one.service in there)
