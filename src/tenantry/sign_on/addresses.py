"""Where the identity provider is, and what its ranges of addresses must not let the proxies reach."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from tenantry.cidr import REFUSED
from tenantry.environment import ClusterNetworkSpec

HTTPS = 443


def issuer_port(issuer: str) -> int:
    """Port of the identity provider: the one in its address, else that of https."""
    return urlsplit(issuer).port or HTTPS


def holes(cidr: str, network: ClusterNetworkSpec) -> tuple[str, ...]:
    """What is left out of a range: the cluster's own ranges, metadata services and their like that lie within it.

    A range that lies within one of those was written on purpose, and is taken as it is.
    """
    return tuple(sorted({hole for hole in (*network.model_dump().values(), *_refused()) if _within(hole, cidr)}))


def _refused() -> Iterator[str]:
    for ranges in REFUSED.values():
        yield from ranges


def _within(inner: str, outer: str) -> bool:
    small, large = ipaddress.ip_network(inner), ipaddress.ip_network(outer)
    if isinstance(small, ipaddress.IPv4Network) and isinstance(large, ipaddress.IPv4Network):
        return small != large and small.subnet_of(large)
    if isinstance(small, ipaddress.IPv6Network) and isinstance(large, ipaddress.IPv6Network):
        return small != large and small.subnet_of(large)
    return False
