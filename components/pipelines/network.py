"""The way from the parts of Pipelines and the steps of runs to the cluster's API server, which nothing else opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.pipelines.place import CONCERN, Place
from tenantry import names
from tenantry.api_server import Way
from tenantry.pipelines import words

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import NetworkPolicySpecArgsDict


def to_api_server(pods: Mapping[str, str], ways: Iterable[Way]) -> NetworkPolicySpecArgsDict:
    """From some pods of the namespace to the API server."""
    return {
        "pod_selector": {"match_labels": dict(pods)},
        "policy_types": ["Egress"],
        "egress": [
            {"to": [{"ip_block": {"cidr": way.cidr}}], "ports": [{"protocol": "TCP", "port": way.port}]} for way in ways
        ],
    }


def network(place: Place, ways: Iterable[Way]) -> None:
    """A policy for the parts, and one for the steps."""
    # No tenant may give its own pods the label of the tenant.
    parts = {names.COMPONENT_LABEL: CONCERN, names.TENANT_LABEL: place.tenant}
    for name, pods in (("pipelines-parts", parts), ("pipelines-steps", words.STEP_LABELS)):
        k8s.networking.v1.NetworkPolicy(
            f"{place.name}-{name}", metadata=place.meta(name), spec=to_api_server(pods, ways), opts=place.here
        )
