"""What serving opens in a tenant's network, word for word: every other policy of a team's chooses every pod."""

from __future__ import annotations

from typing import Any

from tenantry import names
from tenantry.api_server import ways
from tenantry.effective import EffectiveTenant
from tenantry.policies.reach import NAMESPACE_NAME
from tenantry.serving import words

Json = dict[str, Any]


def entrances(tenant: EffectiveTenant) -> tuple[Json, ...]:
    """Operator to API server, API server to webhook, gateway to the executors of models; none for a team without."""
    if not tenant.spec.serving:
        return ()
    operator = {names.COMPONENT_LABEL: "serving", names.TENANT_LABEL: tenant.spec.id}
    servers = [_block(cidr) for cidr in dict.fromkeys(way.cidr for way in ways(tenant.environment))]
    gateway = tenant.environment.serving.gateway
    caller = {
        "namespaceSelector": {"matchLabels": {NAMESPACE_NAME: gateway.namespace}},
        "podSelector": {"matchLabels": dict(gateway.pods)},
    }
    out: Json = {
        "podSelector": {"matchLabels": operator},
        "policyTypes": ["Egress"],
        "egress": [{"to": [_block(way.cidr)], "ports": _ports(way.port)} for way in ways(tenant.environment)],
    }
    return out, _into(operator, servers, words.WEBHOOK_PORT), _into(words.OPERATED, [caller], words.HTTP, words.GRPC)


def _into(pods: dict[str, str], peers: list[Json], *ports: int) -> Json:
    ingress = [{"from": peers, "ports": _ports(*ports)}]
    return {"podSelector": {"matchLabels": pods}, "policyTypes": ["Ingress"], "ingress": ingress}


def _block(cidr: str) -> Json:
    return {"ipBlock": {"cidr": cidr}}


def _ports(*ports: int) -> list[Json]:
    return [{"protocol": "TCP", "port": port} for port in ports]
