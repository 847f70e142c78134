"""What NetworkPolicies let through, computed from the policies alone, as `networking.k8s.io/v1` defines it.

A connection needs both: the policies of the pod that opens it let it out, and those of the pod that accepts it let
it in. Answers belong to the connection. Not judged here, because the API leaves it to the cluster's network plugin:
pods in the node's network, traffic between a pod and its own node (kubelet's probes pass always), and a pod with
itself. A range of addresses counts for pods, too: the API says that it is not meant for them, and some plugins
apply it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from tenantry.cidr import overlap

Policy = Mapping[str, Any]
"""A NetworkPolicy as plain data."""

Direction = Literal["Ingress", "Egress"]


@dataclass(frozen=True)
class Pod:
    """A pod, by what policies can know of it."""

    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict)
    namespace_labels: Mapping[str, str] = field(default_factory=dict)
    """Labels of its namespace, besides `kubernetes.io/metadata.name`, which every namespace has."""
    address: str | None = None
    """Its address. Without one no range of addresses holds it."""
    ports: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Its named ports: protocol and number."""


@dataclass(frozen=True)
class Address:
    """Something that is no pod, by its address."""

    address: str


Peer = Pod | Address


@dataclass(frozen=True, order=True)
class Port:
    """Where a connection is opened to."""

    number: int
    protocol: str = "TCP"

    def __str__(self) -> str:
        return f"{self.number}/{self.protocol}"


def reaches(policies: Iterable[Policy], source: Peer, target: Peer, port: Port) -> bool:
    """Whether `source` can open a connection to `target` on that port."""
    return bool(open_ports(policies, source, target, (port,)))


def open_ports(policies: Iterable[Policy], source: Peer, target: Peer, ports: Iterable[Port]) -> frozenset[Port]:
    """Those of the ports on which `source` can open a connection to `target`."""
    known = list(policies)
    ways_out = _ways(known, "Egress", source, target)
    ways_in = _ways(known, "Ingress", target, source)
    return frozenset(port for port in ports if _open(ways_out, target, port) and _open(ways_in, target, port))


Ways = list[list[Mapping[str, Any]] | None] | None
"""The lists of ports of every rule that lets a pod talk to a peer; None where no policy holds the pod."""


def _ways(policies: Iterable[Policy], direction: Direction, pod: Peer, peer: Peer) -> Ways:
    """What the policies that choose `pod` allow with `peer` in that direction. Of no pod there are none."""
    if isinstance(pod, Address):
        return None
    key, side = ("egress", "to") if direction == "Egress" else ("ingress", "from")
    chosen = [policy for policy in policies if direction in directions(policy) and chooses(policy, pod)]
    return (
        [
            rule.get("ports")
            for policy in chosen
            for rule in policy["spec"].get(key) or ()
            if _peers(rule.get(side), _namespace(policy), peer)
        ]
        if chosen
        else None
    )


def _open(ways: Ways, listener: Peer, port: Port) -> bool:
    return ways is None or any(_ports(listed, listener, port) for listed in ways)


def directions(policy: Policy) -> set[str]:
    """Directions that a policy isolates: those that it names; else ingress, and egress if it has rules of it."""
    spec = policy["spec"]
    named = spec.get("policyTypes")
    return set(named) if named else {"Ingress", *(["Egress"] if spec.get("egress") else [])}


def chooses(policy: Policy, pod: Pod) -> bool:
    """Whether a policy is about a pod."""
    return _namespace(policy) == pod.namespace and matches(policy["spec"].get("podSelector") or {}, pod.labels)


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a label selector chooses what has these labels. An empty one chooses everything."""
    wanted = (selector.get("matchLabels") or {}).items()
    return all(labels.get(key) == value for key, value in wanted) and all(
        _expression(expression, labels) for expression in selector.get("matchExpressions") or ()
    )


def _expression(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, values = expression["key"], expression.get("values") or ()
    match expression["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            # A label that is not there has none of the values.
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels


def _namespace(policy: Policy) -> str:
    return str(policy["metadata"].get("namespace") or "default")


def _peers(listed: list[Mapping[str, Any]] | None, namespace: str, peer: Peer) -> bool:
    """Whether a list of peers holds one. No list, or an empty one, is everybody."""
    return not listed or any(_peer(entry, namespace, peer) for entry in listed)


def _peer(entry: Mapping[str, Any], namespace: str, peer: Peer) -> bool:
    if block := entry.get("ipBlock"):
        return peer.address is not None and _in_block(block, peer.address)
    if isinstance(peer, Address):
        return False
    spaces, pods = entry.get("namespaceSelector"), entry.get("podSelector")
    names = {**peer.namespace_labels, "kubernetes.io/metadata.name": peer.namespace}
    inside = peer.namespace == namespace if spaces is None else matches(spaces, names)
    return inside and matches(pods or {}, peer.labels)


def _in_block(block: Mapping[str, Any], address: str) -> bool:
    host = _host(address)
    return overlap(_range(block["cidr"]), host) and not any(
        overlap(_range(hole), host) for hole in block.get("except") or ()
    )


@cache
def _host(address: str) -> str:
    return str(ipaddress.ip_network(address))


@cache
def _range(cidr: str) -> str:
    # The API server takes a range with host bits, and means the range.
    return str(ipaddress.ip_network(cidr, strict=False))


def _ports(listed: list[Mapping[str, Any]] | None, listener: Peer, port: Port) -> bool:
    """Whether a list of ports holds one. No list, or an empty one, is every port of every protocol."""
    return not listed or any(_port(entry, listener, port) for entry in listed)


def _port(entry: Mapping[str, Any], listener: Peer, port: Port) -> bool:
    protocol, first = entry.get("protocol") or "TCP", entry.get("port")
    if protocol != port.protocol:
        return False
    if first is None:
        return True
    if isinstance(first, str):
        return isinstance(listener, Pod) and listener.ports.get(first) == (protocol, port.number)
    return bool(first <= port.number <= (entry.get("endPort") or first))
