"""Rules on what tenants wait for: the API server's attention and the scheduler's."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry import names
from tenantry.policies.model import Finding, Rule, View, dig, items

FIRST = 1000
"""Kubernetes' own flow schemas have a precedence up to 900, but for service accounts and everybody else."""
USER_MOST = 10**9
"""The highest priority that is not kept for Kubernetes itself."""


def seats(view: View) -> Iterator[Finding]:
    """The tenant has a level of its own, with an end."""
    level = names.priority_level(view.owner)
    if level not in {item.name for item in view.of("PriorityLevelConfiguration")}:
        yield Finding(None, f"makes no PriorityLevelConfiguration {level}")
    if level not in {dig(i.data, "spec", "priorityLevelConfiguration", "name") for i in view.of("FlowSchema")}:
        yield Finding(None, f"makes no FlowSchema for the level {level}")
    for item in view.of("PriorityLevelConfiguration"):
        if dig(item.data, "spec", "type") != "Limited":
            yield Finding(item, f"spec.type is {dig(item.data, 'spec', 'type')}")


def flows(view: View) -> Iterator[Finding]:
    """Only the tenant's own requests take its level, after those of Kubernetes' own parts."""
    if view.tenant is None:
        return
    groups = view.tenant.spec.access.groups - {*view.tenant.environment.shared_groups}
    own = names.namespace(view.owner)
    for item in view.of("FlowSchema"):
        precedence = dig(item.data, "spec", "matchingPrecedence")
        if not isinstance(precedence, int) or precedence < FIRST:
            yield Finding(item, f"spec.matchingPrecedence is {precedence}, before Kubernetes' own")
        for rule in items(item.data, "spec", "rules"):
            for subject in items(rule, "subjects"):
                namespace, group = dig(subject, "serviceAccount", "namespace"), dig(subject, "group", "name")
                if namespace != own and group not in groups:
                    yield Finding(item, f"takes requests of {dig(subject, 'kind')} {namespace or group or ''}".rstrip())


def classes(view: View) -> Iterator[Finding]:
    """No class of a tier evicts, is everybody's default or reaches Kubernetes' own priorities."""
    for item in view.of("PriorityClass"):
        if item.data.get("preemptionPolicy") != "Never":
            yield Finding(item, f"preemptionPolicy is {item.data.get('preemptionPolicy')}")
        if item.data.get("globalDefault"):
            yield Finding(item, "is the default of every namespace")
        value = item.data.get("value")
        if not isinstance(value, int) or value >= USER_MOST:
            yield Finding(item, f"value is {value}")


RULES = (
    Rule(
        id="TEN-FAIR-001",
        severity="high",
        title="Every tenant has seats of its own at the API server, and no more",
        rationale="Without a level of its own a team's flood of requests fills the queue that all teams wait in.",
        fix="Keep Fairness in components/tenant.py, its level Limited",
        find=seats,
    ),
    Rule(
        id="TEN-FAIR-002",
        severity="high",
        title="A tenant's level takes the tenant's requests only, and after Kubernetes' own",
        rationale="A schema that comes first, or names others' groups, makes others wait in this tenant's queue.",
        fix="Name the tenant's groups and its namespace's service accounts, at PRECEDENCE of components/fairness.py",
        find=flows,
    ),
    Rule(
        id="TEN-FAIR-003",
        severity="high",
        title="No priority class of a tier evicts anybody",
        rationale="A team's running pod never makes room for another team's; queues see to guarantees.",
        fix="Set preemptionPolicy to Never, globalDefault to false, and the value below 10^9",
        find=classes,
        of="platform",
    ),
)
