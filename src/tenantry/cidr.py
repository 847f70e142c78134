"""Ranges of addresses that a team's pods may be let out to."""

from __future__ import annotations

import ipaddress
from functools import cache
from typing import Annotated

from tenantry.formats import Text, shown, wrong

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

WIDEST = {4: 16, 6: 48}
"""Shortest prefix of an egress rule, by IP version: one VPC's worth of addresses. Tenantry's own choice."""

REFUSED: dict[str, tuple[str, ...]] = {
    "the cloud's metadata service, which hands out the node's credentials": (
        "169.254.169.254/32",
        "169.254.170.2/32",
        "fd00:ec2::254/128",
        "168.63.129.16/32",
        "100.100.100.200/32",
    ),
    "a link's own addresses": ("169.254.0.0/16", "fe80::/10"),
    "the machine's own addresses": ("127.0.0.0/8", "0.0.0.0/8", "::/127"),
    "multicast or reserved addresses": ("224.0.0.0/3", "ff00::/8"),
    "IPv4 addresses in IPv6 clothes": ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
}
"""Ranges that no egress rule may touch. Sources: the IANA special-purpose registries; the metadata endpoints of AWS
(169.254.169.254, fd00:ec2::254; 169.254.170.2 for ECS), Azure (168.63.129.16) and Alibaba (100.100.100.200)."""


@cache
def _span(cidr: str) -> tuple[int, int, int]:
    """IP version, first and last address as numbers. Kept: every tenant meets the same few ranges."""
    network = ipaddress.ip_network(cidr)
    return network.version, int(network.network_address), int(network.broadcast_address)


def overlap(one: str, other: str) -> bool:
    """Whether two ranges have an address in common."""
    (version, first, last), (other_version, other_first, other_last) = _span(one), _span(other)
    return version == other_version and first <= other_last and other_first <= last


def _network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        wrong(f"{shown(text)} is not a range of addresses", "Write one, as in 10.20.0.0/24")
    return network


def _spelled(text: str, network: Network) -> None:
    """One spelling a range: `10.20.0.1/24` says a host where a range is meant, and nobody can tell which."""
    if str(network) != text:
        wrong(f"{shown(text)} is not the range's plain spelling", f"Write {network} if that is meant")


def _range(text: str) -> None:
    _spelled(text, _network(text))


def _egress(text: str) -> None:
    network = _network(text)
    if not network.prefixlen:
        wrong(f"{text} is the whole internet", "Name the range of the service that the team needs")
    for why, ranges in REFUSED.items():
        for refused in ranges:
            if overlap(str(network), refused):
                wrong(f"{text} holds {why} ({refused})", "Name a range without it")
    if network.prefixlen < WIDEST[network.version]:
        wrong(f"{text} is too wide", f"Name a range of /{WIDEST[network.version]} or narrower")
    _spelled(text, network)


_RULE = "Write a range of addresses"
_SHAPE = "[0-9a-f.:]+/[0-9]{1,3}"
_LONGEST = 43

Cidr = Annotated[str, Text("a range of addresses", _RULE, _SHAPE, _LONGEST, "10.244.0.0/16", _range)]
"""A range of addresses in its plain spelling, without host bits."""

EgressCidr = Annotated[str, Text("a range of addresses", _RULE, _SHAPE, _LONGEST, "10.20.0.0/24", _egress)]
"""A range that pods may be let out to: not the internet, not too wide, nothing of `REFUSED`."""
