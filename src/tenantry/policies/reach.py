"""What a tenant's pods may reach and be reached by, and whether the rendered policies say the same.

The others are taken at their worst: pods without a policy of their own, that let everything in and out. What holds
against them holds against every tenant, so a stack is checked alone and the cost does not grow with their number.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from tenantry import names
from tenantry.api_server import ways
from tenantry.effective import EffectiveTenant
from tenantry.network_reach import Address, Peer, Pod, Policy, Port, open_ports
from tenantry.policies.openings import Opening, openings

DNS_LABELS = {"k8s-app": "kube-dns"}
DNS_PORTS = frozenset({Port(53, "UDP"), Port(53, "TCP")})
FELLOWS = "its own namespace"
PROTOCOLS = ("TCP", "UDP", "SCTP")
ALWAYS = (1, 22, 53, 80, 443, 6443, 8080, 9090, 10250, 65535)
"""Ports that are asked about whatever the policies say: shells, web, API servers, metrics, kubelets and the ends."""

NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""Label that every namespace has: its name."""
METADATA = ("169.254.169.254", "169.254.170.2", "fd00:ec2::254")
"""Metadata services of AWS, for instances and for containers."""
INTERNET = ("1.1.1.1", "93.184.216.34", "2606:4700:4700::1111")


@dataclass(frozen=True)
class Row:
    """One pair of the table, on one port."""

    source: str
    target: str
    port: Port
    allowed: bool
    """What the policies say."""
    expected: bool
    """What must be so."""


def strangers(tenant: EffectiveTenant) -> dict[str, Peer]:
    """Everybody whom a tenant's pods must not talk to, in either direction, by what they are."""
    network = tenant.environment.network
    other = {names.TENANT_LABEL: "another"}
    return {
        "another tenant": Pod("another", {}, other),
        "another tenant's pod that calls itself a DNS server": Pod("another", DNS_LABELS, other),
        "a namespace that is nobody's": Pod("default"),
        "the platform": Pod(names.SYSTEM_NAMESPACE, {}, {names.TENANT_LABEL: names.PLATFORM}),
        "another pod of kube-system": Pod("kube-system", {"k8s-app": "metrics-server"}),
        "a node": Address(_first(network.nodes)),
        "a pod by its address": Address(_first(network.pods)),
        "a service by its address": Address(_last(network.services)),
        **{f"the API server by {way.cidr}": Address(_last(way.cidr)) for way in ways(tenant.environment)},
        **{f"the metadata service {address}": Address(address) for address in METADATA},
        **{f"the internet {address}": Address(address) for address in INTERNET},
        **{f"an address beside a destination {address}": Address(address) for address in _beside(tenant)},
    }


def table(policies: Sequence[Policy], tenant: EffectiveTenant) -> Iterator[Row]:
    """Every pair with the tenant's pods in it, on every port that could make a difference."""
    ports = sorted(_ports(policies, tenant))
    plain = (Opening("its pods", {}, ()), Opening("its pods that call themselves DNS servers", DNS_LABELS, ()))
    for one in (*plain, *openings(tenant)):
        yield from _pairs(policies, one, tenant, ports)


def _pairs(policies: Sequence[Policy], one: Opening, tenant: EffectiveTenant, ports: Sequence[Port]) -> Iterator[Row]:
    label, everything = one.who, frozenset(ports)
    own = Pod(names.namespace(tenant.spec.id), one.labels, {names.TENANT_LABEL: tenant.spec.id})
    for who, peer, ordinary in _peers(policies, own, tenant, everything):
        expected = ordinary | (one.ports(peer.address) if isinstance(peer, Address) else frozenset())
        there = open_ports(policies, own, peer, ports)
        back = open_ports(policies, peer, own, ports)
        may_come = everything if who == FELLOWS else frozenset()
        for port in ports:
            yield Row(label, who, port, port in there, port in expected)
            yield Row(who, label, port, port in back, port in may_come)


def _peers(
    policies: Sequence[Policy], own: Pod, tenant: EffectiveTenant, everything: frozenset[Port]
) -> Iterator[tuple[str, Peer, frozenset[Port]]]:
    """Everybody else, and the ports on which the tenant's pods may reach them."""
    yield FELLOWS, Pod(own.namespace, {"app": "fellow"}, own.namespace_labels), everything
    yield "the DNS server", Pod("kube-system", DNS_LABELS), DNS_PORTS
    for who, peer in (strangers(tenant) | named(policies, tenant)).items():
        yield who, peer, frozenset()
    yield from _destinations(tenant)


def named(policies: Iterable[Policy], tenant: EffectiveTenant) -> dict[str, Peer]:
    """A pod for every way to meet a selector of another namespace that a policy has, but for the DNS server's."""
    found: dict[str, Peer] = {}
    for policy in policies:
        for rule, side in (*_rules(policy, "ingress", "from"), *_rules(policy, "egress", "to")):
            for peer in rule.get(side) or ():
                if "namespaceSelector" in peer:
                    found |= _witnesses(peer, names.namespace(tenant.spec.id))
    return found


def _rules(policy: Policy, key: str, side: str) -> list[tuple[dict[str, Any], str]]:
    return [(rule, side) for rule in policy["spec"].get(key) or ()]


def _witnesses(peer: Mapping[str, Any], own: str) -> dict[str, Peer]:
    found: dict[str, Peer] = {}
    for space in _labels(peer["namespaceSelector"]):
        for labels in _labels(peer.get("podSelector") or {}):
            pod = Pod(space.get(NAMESPACE_NAME, "another"), labels, space)
            dns = (pod.namespace, labels) == ("kube-system", DNS_LABELS)
            if pod.namespace != own and not dns:
                found[f"a pod of {pod.namespace} with {_spelled(labels)} in a namespace with {_spelled(space)}"] = pod
    return found


def _labels(selector: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Sets of labels that a selector chooses: one for every combination of values that it lists."""
    fixed = dict(selector.get("matchLabels") or {})
    terms = selector.get("matchExpressions") or ()
    choices = [[(term["key"], value) for value in term["values"]] for term in terms if term["operator"] == "In"]
    present = {term["key"]: "any" for term in terms if term["operator"] == "Exists"}
    for chosen in product(*choices):
        yield present | fixed | dict(chosen)


def _spelled(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(labels.items())) or "any labels"


def _destinations(tenant: EffectiveTenant) -> Iterator[tuple[str, Address, frozenset[Port]]]:
    """First and last address of every declared destination, with all ports that are declared for it."""
    declared = tenant.spec.network.egress
    for one in declared:
        network = ipaddress.ip_network(one.cidr)
        for address in sorted({network[0], network[-1]}):
            ports = {
                Port(port) for other in declared if address in ipaddress.ip_network(other.cidr) for port in other.ports
            }
            yield f"{one.name} {address}", Address(str(address)), frozenset(ports)


def _beside(tenant: EffectiveTenant) -> Iterator[str]:
    """The addresses right before and after every declared destination, where none is declared."""
    declared = [ipaddress.ip_network(one.cidr) for one in tenant.spec.network.egress]
    for network in declared:
        for address in (network[0] - 1, network[-1] + 1):
            if not any(address in other for other in declared):
                yield str(address)


def _ports(policies: Iterable[Policy], tenant: EffectiveTenant) -> set[Port]:
    """Ports that stand for all: those that a policy names, the ends of its ranges, and their neighbours."""
    numbers = {*ALWAYS}
    for policy in policies:
        for rule, _ in (*_rules(policy, "ingress", "from"), *_rules(policy, "egress", "to")):
            for entry in rule.get("ports") or ():
                numbers |= _ends(entry)
    numbers |= {port for one in tenant.spec.network.egress for port in one.ports}
    return {Port(number, protocol) for number in numbers for protocol in PROTOCOLS}


def _ends(entry: dict[str, Any]) -> set[int]:
    ends = {end for end in (entry.get("port"), entry.get("endPort")) if isinstance(end, int)}
    return {near for end in ends for near in (end - 1, end, end + 1) if 0 < near <= ALWAYS[-1]}


def _first(cidr: str) -> str:
    """The first address of a range that can be a host's."""
    return str(ipaddress.ip_network(cidr)[1])


def _last(cidr: str) -> str:
    """The last address of a range, or the only one."""
    return str(ipaddress.ip_network(cidr)[-1])
