"""What a team may have scraped, computed and alerted on: its own pods, under its own name."""

from __future__ import annotations

from tenantry.guards.cel import CHANGED
from tenantry.guards.rule import Check, Rule, Target

FAMILY = "monitoring"
GROUP = "monitoring.coreos.com"

_FILES = (
    "has(e.bearerTokenFile) && e.bearerTokenFile != '' || has(e.proxyUrl) || "
    "e.?tlsConfig.?caFile.orValue('') + e.?tlsConfig.?certFile.orValue('') + e.?tlsConfig.?keyFile.orValue('') != ''"
)
_STEERS = (
    "(e.?relabelings.orValue([]) + e.?metricRelabelings.orValue([])).exists(r, "
    "r.?targetLabel.orValue('').startsWith('__') || r.?targetLabel.orValue('').contains('$') || "
    "r.?targetLabel.orValue('') in ['namespace', 'exported_namespace'] || "
    # With labelmap the replacement is the label's name.
    "r.?action.orValue('replace').lowerAscii() == 'labelmap')"
)

TARGETS = Rule(
    name="scrape-targets",
    family=FAMILY,
    targets=(Target(group=GROUP, plurals=("podmonitors", "servicemonitors")),),
    conditions=(CHANGED,),
    variables=(("endpoints", "object.?spec.?endpoints.orValue([]) + object.?spec.?podMetricsEndpoints.orValue([])"),),
    checks=(
        Check(
            expression="!object.?spec.?namespaceSelector.?any.orValue(false) && "
            "object.?spec.?namespaceSelector.?matchNames.orValue([]).all(name, name == request.namespace)",
            field="spec.namespaceSelector",
            what="has other namespaces scraped",
            fix="Leave it out: this namespace is the default",
        ),
        Check(
            expression=f"!variables.endpoints.exists(e, {_FILES})",
            field="spec.endpoints",
            what="reads a file of Prometheus' own or goes through a proxy",
            fix="Use authorization.credentials with a Secret of this namespace, and no proxyUrl",
        ),
        Check(
            expression="!variables.endpoints.exists(e, e.?honorLabels.orValue(false))",
            field="spec.endpoints.honorLabels",
            what="lets pods report under another namespace's name",
            fix="Remove it",
        ),
        Check(
            expression=f"!variables.endpoints.exists(e, {_STEERS})",
            field="spec.endpoints.relabelings",
            what="steers where Prometheus connects to, or whose the metrics are",
            fix="Write no label that begins with __, none with $ in its name, not namespace, and no labelmap",
        ),
        Check(
            expression="!object.?spec.?attachMetadata.?node.orValue(false)",
            field="spec.attachMetadata.node",
            what="attaches labels of the nodes",
            fix="Remove it",
        ),
    ),
    attacks=("A43",),
    severity="medium",
)

_ALERTS = "object.?spec.?groups.orValue([]).all(g, g.?rules.orValue([]).all(r, {0}))"

ALERTS = Rule(
    name="alert-rules",
    family=FAMILY,
    targets=(Target(group=GROUP, plurals=("prometheusrules",)),),
    conditions=(CHANGED,),
    checks=(
        Check(
            expression=_ALERTS.format("r.?labels.?namespace.orValue(request.namespace) == request.namespace"),
            field="spec.groups.rules.labels.namespace",
            what="is another namespace's: its alerts are not this team's",
            fix="Remove it: Prometheus sets it",
        ),
        Check(
            expression=_ALERTS.format(
                "!(r.?alert.orValue('') + r.?record.orValue('')).lowerAscii().startsWith('tenantry')"
            ),
            field="spec.groups.rules.alert",
            what="begins with Tenantry, as only the platform's alerts and records do",
            fix="Choose another name",
        ),
    ),
    attacks=("A43",),
    severity="medium",
)

RULES = (TARGETS, ALERTS)
