"""Where a cluster's API server is, for network policies of the few pods that must reach it."""

from __future__ import annotations

from ipaddress import ip_network
from typing import NamedTuple

from tenantry.environment import EnvironmentSpec

HTTPS = 443


class Way(NamedTuple):
    """One range of addresses on one TCP port."""

    cidr: str
    port: int


def ways(environment: EnvironmentSpec) -> tuple[Way, ...]:
    """Every way to the API server: its Service, which has the first address of all Services, and the server itself.

    Network plugins differ in which of the two they see. Where the environment's file does not say where the server is,
    it is taken to be any of the nodes, on 443 or 6443 (not a kubelet's 10250).
    """
    service = Way(str(ip_network(ip_network(environment.network.services)[1])), HTTPS)
    told = environment.cluster.api_server
    if told is None:
        return service, Way(environment.network.nodes, HTTPS), Way(environment.network.nodes, 6443)
    return service, *(Way(cidr, told.port) for cidr in told.cidrs)
