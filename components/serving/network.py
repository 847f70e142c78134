"""Who reaches the operator and the models, and whom the operator reaches, beyond what the namespace opens to all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.pipelines.network import to_api_server
from components.serving.place import CONCERN, Place
from tenantry import names
from tenantry.api_server import Way
from tenantry.serving import words
from tenantry.serving.spec import GatewaySpec

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import NetworkPolicyPeerArgsDict, NetworkPolicySpecArgsDict


def into(pods: dict[str, str], peers: Sequence[NetworkPolicyPeerArgsDict], *ports: int) -> NetworkPolicySpecArgsDict:
    """From some peers into some pods, on these ports."""
    return {
        "pod_selector": {"match_labels": pods},
        "policy_types": ["Ingress"],
        "ingress": [{"from_": list(peers), "ports": [{"protocol": "TCP", "port": port} for port in ports]}],
    }


def callers(ways: Sequence[Way]) -> list[NetworkPolicyPeerArgsDict]:
    """Where API servers call a webhook from: where they are. Their Service's address is nobody's to call from."""
    return [{"ip_block": {"cidr": cidr}} for cidr in dict.fromkeys(way.cidr for way in ways)]


def gateway_pods(gateway: GatewaySpec) -> list[NetworkPolicyPeerArgsDict]:
    """The gateway's pods, by their namespace and labels together: what else runs beside them stays out."""
    return [
        {
            "namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": gateway.namespace}},
            "pod_selector": {"match_labels": dict(gateway.pods)},
        }
    ]


def network(place: Place, gateway: GatewaySpec, ways: Sequence[Way]) -> None:
    """Operator to API server; API server to webhook; gateway to the executors of models."""
    # No tenant may give its own pods the label of the tenant.
    operator = {names.COMPONENT_LABEL: CONCERN, names.TENANT_LABEL: place.tenant}
    for name, spec in {
        "serving-operator": to_api_server(operator, ways),
        "serving-webhook": into(operator, callers(ways), words.WEBHOOK_PORT),
        "serving-models": into(words.OPERATED, gateway_pods(gateway), words.HTTP, words.GRPC),
    }.items():
        k8s.networking.v1.NetworkPolicy(f"{place.name}-{name}", metadata=place.meta(name), spec=spec, opts=place.here)
