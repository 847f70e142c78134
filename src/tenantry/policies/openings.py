"""Ways out of a namespace that only pods of the platform's own have, and the policies that may open them.

Every other policy chooses every pod. What an opening does not list, no rule lets through: a product that needs a way
more has to have its row here, where it is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from tenantry import names
from tenantry.api_server import Way, ways
from tenantry.effective import EffectiveTenant
from tenantry.network_reach import Port
from tenantry.pipelines.words import STEP_LABELS
from tenantry.policies.model import dig, items


@dataclass(frozen=True)
class Opening:
    """Pods by their labels, and where else they may connect to."""

    who: str
    labels: Mapping[str, str]
    ways: tuple[Way, ...]

    def ports(self, address: str) -> frozenset[Port]:
        """Ports of an address that are open."""
        return frozenset(Port(way.port) for way in self.ways if ip_address(address) in ip_network(way.cidr))

    def opened_by(self, spec: Mapping[str, Any]) -> bool:
        """Whether a policy opens nothing but ways of this opening, for nobody but its pods."""
        if spec.get("podSelector") != {"matchLabels": dict(self.labels)} or spec.get("policyTypes") != ["Egress"]:
            return False
        return not items(spec, "ingress") and all(self._within(rule) for rule in items(spec, "egress"))

    def _within(self, rule: Mapping[str, Any]) -> bool:
        peers, ports = items(rule, "to"), items(rule, "ports")
        tcp = all(dig(port, "protocol") == "TCP" and "endPort" not in port for port in ports)
        blocks = all(set(peer) == {"ipBlock"} for peer in peers)
        listed = {(dig(peer, "ipBlock", "cidr"), dig(port, "port")) for peer in peers for port in ports}
        return bool(listed) and tcp and blocks and listed <= set(self.ways)


def openings(tenant: EffectiveTenant) -> tuple[Opening, ...]:
    """Every opening that the tenant's installs have. Steps get their label from Pipelines; any pod could have it."""
    if not tenant.spec.pipelines:
        return ()
    parts = {names.COMPONENT_LABEL: "pipelines", names.TENANT_LABEL: tenant.spec.id}
    there = ways(tenant.environment)
    return Opening("a part of Pipelines", parts, there), Opening("a step of a run", STEP_LABELS, there)


def excused(spec: Mapping[str, Any], known: Iterable[Opening]) -> bool:
    """Whether a policy is that of an opening."""
    return any(opening.opened_by(spec) for opening in known)
