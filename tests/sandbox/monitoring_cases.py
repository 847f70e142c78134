"""Monitoring: what is admitted, and the one field that is refused."""

from __future__ import annotations

from tests.sandbox.case import Case, obj

SERVICE_MONITOR = obj(
    "monitoring.coreos.com/v1",
    "ServiceMonitor",
    spec={
        "selector": {"matchLabels": {"app": "x"}},
        "namespaceSelector": {"matchNames": ["NAMESPACE"]},
        "endpoints": [{"port": "metrics", "relabelings": [{"targetLabel": "team", "replacement": "vision"}]}],
    },
)
PROMETHEUS_RULE = obj(
    "monitoring.coreos.com/v1",
    "PrometheusRule",
    spec={"groups": [{"name": "a", "rules": [{"alert": "Slow", "expr": "up == 0", "labels": {"severity": "info"}}]}]},
)

MONITORING = (
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.namespaceSelector",
        {"any": True},
        "spec.namespaceSelector has other namespaces scraped",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.namespaceSelector.matchNames",
        ["nlp"],
        "spec.namespaceSelector has other namespaces scraped",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.bearerTokenFile",
        "/var/run/secrets/token",
        "spec.endpoints reads a file of Prometheus' own or goes through a proxy",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.tlsConfig",
        {"keyFile": "/etc/key"},
        "spec.endpoints reads a file of Prometheus' own or goes through a proxy",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.honorLabels",
        True,
        "spec.endpoints.honorLabels lets pods report under another namespace's name",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.relabelings.0.targetLabel",
        "__address__",
        "spec.endpoints.relabelings steers where Prometheus connects to, or whose the metrics are",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.relabelings.0.action",
        "LabelMap",
        "spec.endpoints.relabelings steers where Prometheus connects to, or whose the metrics are",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.attachMetadata",
        {"node": True},
        "spec.attachMetadata.node attaches labels of the nodes",
    ),
    Case(
        "alert-rules",
        PROMETHEUS_RULE,
        "spec.groups.0.rules.0.labels.namespace",
        "nlp",
        "spec.groups.rules.labels.namespace is another namespace's: its alerts are not this team's",
    ),
    Case(
        "alert-rules",
        PROMETHEUS_RULE,
        "spec.groups.0.rules.0.alert",
        "TenantryQuotaFull",
        "spec.groups.rules.alert begins with Tenantry, as only the platform's alerts and records do",
    ),
)
