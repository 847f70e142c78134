"""Kinds whose objects steer what all teams share, though they lie in one team's namespace."""

from __future__ import annotations

from tenantry.guards.exclusive import exclusive, kinds

GATEWAY_API = kinds(
    "gateway.networking.k8s.io", "backendtlspolicies", "gateways", "referencegrants", "tcproutes", "udproutes"
)
ISTIO = (
    kinds(
        "networking.istio.io",
        "envoyfilters",
        "gateways",
        "proxyconfigs",
        "serviceentries",
        "sidecars",
        "workloadentries",
        "workloadgroups",
    ),
    kinds("extensions.istio.io", "wasmplugins"),
    kinds("security.istio.io", "authorizationpolicies", "peerauthentications", "requestauthentications"),
    kinds("telemetry.istio.io", "telemetries"),
)
MONITORING = kinds(
    "monitoring.coreos.com",
    "alertmanagerconfigs",
    "alertmanagers",
    "probes",
    "prometheusagents",
    "prometheuses",
    "scrapeconfigs",
    "thanosrulers",
)
SERVING = (
    # Their operator makes pods of them with rights in every namespace.
    kinds("mlops.seldon.io", "seldonconfigs", "seldonruntimes", "servers", "serverconfigs"),
    kinds("serving.kserve.io", "servingruntimes"),
)

RULES = (
    exclusive(
        name="shared-configuration",
        family="configuration",
        targets=(GATEWAY_API, *ISTIO, MONITORING, *SERVING),
        why="it steers a gateway, a monitoring system or an operator that all teams share",
        fix="Use a kind that works within the namespace, or ask the platform team",
        attacks=("A29", "A41", "A43"),
    ),
)
