"""The way from the parts of Pipelines and the steps of runs to the cluster's API server, which nothing else opens."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.pipelines.place import CONCERN, Place
from tenantry import names
from tenantry.environment import ClusterNetworkSpec

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import NetworkPolicySpecArgsDict

PORTS = (443, 6443)
"""The API server's Service, and the server itself behind it. Not a kubelet's 10250."""
STEPS = {"pipelines.kubeflow.org/v2_component": "true"}
"""Label that Pipelines gives to every pod of a run."""


def to_api_server(pods: dict[str, str], network: ClusterNetworkSpec) -> NetworkPolicySpecArgsDict:
    """To where the API server can be: the nodes' range, and its Service, which has the first address of all Services.

    Network plugins differ in which of the two they see.
    """
    service = str(ip_network(ip_network(network.services)[1]))
    return {
        "pod_selector": {"match_labels": pods},
        "policy_types": ["Egress"],
        "egress": [
            {
                "to": [{"ip_block": {"cidr": cidr}} for cidr in (network.nodes, service)],
                "ports": [{"protocol": "TCP", "port": port} for port in PORTS],
            }
        ],
    }


def network(place: Place, ranges: ClusterNetworkSpec) -> None:
    """A policy for the parts, and one for the steps."""
    # No tenant may give its own pods the label of the tenant.
    parts = {names.COMPONENT_LABEL: CONCERN, names.TENANT_LABEL: place.tenant}
    for name, pods in (("pipelines-parts", parts), ("pipelines-steps", STEPS)):
        k8s.networking.v1.NetworkPolicy(
            f"{place.name}-{name}", metadata=place.meta(name), spec=to_api_server(pods, ranges), opts=place.here
        )
