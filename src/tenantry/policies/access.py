"""Rules on rights: written out verb by verb, in the tenant's namespace, for the tenant's groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tenantry import names
from tenantry.policies.model import Finding, Item, Rule, View, dig, items, words

READ = frozenset({"get", "list", "watch"})
ESCALATING = frozenset({"approve", "attest", "bind", "escalate", "impersonate", "sign"})
"""Verbs by which one right becomes another. Source: Kubernetes' page on RBAC good practices."""
GUARDED = frozenset(
    {
        "limitranges",
        "namespaces",
        "networkpolicies",
        "resourcequotas",
        "rolebindings",
        "roles",
        "validatingadmissionpolicybindings",
    }
)
"""What holds a tenant in its bounds: read, never written."""
NEVER = frozenset(
    {
        "bindings",
        "nodes/proxy",
        "pods/binding",
        "pods/ephemeralcontainers",
        "pods/resize",
        "serviceaccounts/token",
        "services/proxy",
    }
)
"""What lets its holder pass a guard: credentials of others, scheduling by hand, ways round the network's policies."""

MACHINERY: Mapping[str, frozenset[tuple[str, str]]] = MappingProxyType(
    {
        "pipelines": frozenset(
            {
                ("argoproj.io", "workflowartifactgctasks"),
                ("argoproj.io", "workflows"),
                ("argoproj.io", "workflows/finalizers"),
                ("argoproj.io", "workflowtaskresults"),
                ("argoproj.io", "workflowtasksets"),
                ("argoproj.io", "workflowtasksets/finalizers"),
                ("coordination.k8s.io", "leases"),
                ("kubeflow.org", "scheduledworkflows"),
                ("kubeflow.org", "scheduledworkflows/finalizers"),
                ("policy", "poddisruptionbudgets"),
            }
        ),
        "serving": frozenset(
            {
                ("machinelearning.seldon.io", "seldondeployments/finalizers"),
                ("machinelearning.seldon.io", "seldondeployments/status"),
                ("networking.istio.io", "destinationrules"),
                ("networking.istio.io", "virtualservices"),
            }
        ),
    }
)
"""Kinds that the controllers of an install write and people need not, by the component's label: what its work is made
of, within the namespace, counted by the quota. Whoever poses as one of its accounts can spoil the team's own runs."""


def grants(view: View) -> Iterator[tuple[Item, dict[str, Any]]]:
    """Every rule of every role."""
    for item in view.of("Role", "ClusterRole"):
        for rule in items(item.data, "rules"):
            yield item, rule


def wildcards(view: View) -> Iterator[Finding]:
    """No `*`, no aggregation, no paths that are no resources."""
    for item, rule in grants(view):
        for key in ("apiGroups", "resources", "verbs"):
            if any("*" in word for word in items(rule, key)):
                yield Finding(item, f"has * in {key}")
        if rule.get("nonResourceURLs"):
            yield Finding(item, "grants nonResourceURLs")
    for item in view.of("ClusterRole"):
        if words(item.data, "aggregationRule"):
            yield Finding(item, "has an aggregationRule")


def escalation(view: View) -> Iterator[Finding]:
    """No verb and no resource that gives its holder more than the role says."""
    for item, rule in grants(view):
        verbs, resources = set(items(rule, "verbs")), set(items(rule, "resources"))
        for verb in sorted(verbs & ESCALATING):
            yield Finding(item, f"grants the verb {verb}")
        for resource in sorted(resources & NEVER):
            yield Finding(item, f"grants {resource}")
        for resource in sorted(resources):
            if resource.partition("/")[0] in GUARDED and verbs - READ:
                yield Finding(item, f"grants {', '.join(sorted(verbs - READ))} on {resource}")


def bound_roles(view: View) -> Iterator[Finding]:
    """Bindings are of roles that the same stack makes in the same namespace."""
    made = {(item.namespace, item.name) for item in view.of("Role")}
    for item in view.of("RoleBinding"):
        kind, role = dig(item.data, "roleRef", "kind"), dig(item.data, "roleRef", "name")
        if kind != "Role":
            yield Finding(item, f"binds the {kind} {role}")
        elif (item.namespace, role) not in made:
            yield Finding(item, f"binds the Role {role}, which the stack does not make")


def cluster_wide(view: View) -> Iterator[Finding]:
    """A tenant's stack grants nothing outside of its namespace."""
    for item in view.of("ClusterRole", "ClusterRoleBinding"):
        yield Finding(item, "is of the whole cluster")


def subjects(view: View) -> Iterator[Finding]:
    """Rights go to the tenant's groups and to service accounts of its namespace, and to nobody else."""
    groups = view.tenant.spec.access.groups if view.tenant else None
    own = names.namespace(view.owner)
    for item in view.of("RoleBinding", "ClusterRoleBinding"):
        for subject in items(item.data, "subjects"):
            kind, name = dig(subject, "kind"), str(dig(subject, "name"))
            if kind == "ServiceAccount" and dig(subject, "namespace") == own:
                continue
            if kind != "Group" or name.startswith("system:") or (groups is not None and name not in groups):
                yield Finding(item, f"has the subject {kind} {name}")


def onlookers(view: View) -> Iterator[Finding]:
    """Groups that only view hold no secret and write nothing; offboarding, no group does."""
    if view.tenant is None:
        return
    access = view.tenant.spec.access
    active = view.tenant.spec.lifecycle != "offboarding"
    workers = {*access.admins, *access.developers} if active else set()
    rules = {item.name: items(item.data, "rules") for item in view.of("Role")}
    for item in view.of("RoleBinding"):
        members = {dig(subject, "name") for subject in items(item.data, "subjects") if dig(subject, "kind") == "Group"}
        for rule in rules.get(dig(item.data, "roleRef", "name"), []) if members - workers else []:
            for what in _beyond_looking(rule, secrets=active):
                yield Finding(item, f"lets {', '.join(sorted(members - workers))} {what}")


def _beyond_looking(rule: dict[str, Any], *, secrets: bool) -> Iterator[str]:
    resources, verbs = items(rule, "resources"), set(items(rule, "verbs"))
    if verbs - READ:
        yield f"{', '.join(sorted(verbs - READ))} {', '.join(resources)}"
    if secrets and "secrets" in resources:
        yield "read secrets"


def accounts(view: View) -> Iterator[Finding]:
    """What a service account holds, some group of developers or admins holds, too; or it is what its install is for."""
    rules = {item.name: items(item.data, "rules") for item in view.of("Role")}
    people, machines = set(), []
    for item in view.of("RoleBinding"):
        held = {triple for rule in rules.get(dig(item.data, "roleRef", "name"), []) for triple in _triples(rule)}
        kinds = {dig(subject, "kind") for subject in items(item.data, "subjects")}
        people |= held if "Group" in kinds else set()
        machines += [(item, held)] if "ServiceAccount" in kinds else []
    for item, held in machines:
        own = MACHINERY.get(words(item.data, "metadata", "labels").get(names.COMPONENT_LABEL, ""), frozenset())
        beyond = (one for one in sorted(held - people) if one[:2] not in own)
        for group, resource, verb in beyond:
            yield Finding(item, f"lets a service account {verb} {resource}{f'.{group}' if group else ''}")


def _triples(rule: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for group in items(rule, "apiGroups"):
        for resource in items(rule, "resources"):
            for verb in items(rule, "verbs"):
                yield group, resource, verb


RULES = (
    Rule(
        id="TEN-ACC-001",
        severity="critical",
        title="Roles are written out: no wildcard, no aggregation, no paths",
        rationale="A wildcard grants what does not exist yet: every kind that a chart will ever install.",
        fix="List groups, resources and verbs in components/access.py",
        find=wildcards,
        of="both",
    ),
    Rule(
        id="TEN-ACC-002",
        severity="critical",
        title="No role lets its holder raise its own rights or lower its own guards",
        rationale="With impersonation, tokens of service accounts, bindings or writable policies, every other limit "
        "is a matter of one request.",
        fix="Take the verb or the resource out of components/access.py",
        find=escalation,
    ),
    Rule(
        id="TEN-ACC-003",
        severity="critical",
        title="Bindings are of roles that the tenant's stack itself makes",
        rationale="The built-in admin and edit hold secrets, tokens and policies, and grow with every chart that the "
        "platform installs.",
        fix="Bind a Role of components/access.py",
        find=bound_roles,
    ),
    Rule(
        id="TEN-ACC-004",
        severity="critical",
        title="A tenant's stack grants nothing in the whole cluster",
        rationale="A ClusterRoleBinding reaches into every other tenant's namespace.",
        fix="Use a Role and a RoleBinding in the tenant's namespace",
        find=cluster_wide,
    ),
    Rule(
        id="TEN-ACC-005",
        severity="critical",
        title="Rights go to the tenant's own groups and service accounts",
        rationale="A group of another team, a user or a group of the cluster's own would be let in by this stack, and "
        "no file of the tenant would say so.",
        fix="Bind groups of the tenant's access block, or service accounts of its namespace",
        find=subjects,
    ),
    Rule(
        id="TEN-ACC-006",
        severity="high",
        title="Who may only look reads no secrets and writes nothing",
        rationale="Viewers are often a whole company. Whoever leaves looks on, to take away what is theirs.",
        fix="Bind the role viewer, and keep secrets out of it",
        find=onlookers,
    ),
    Rule(
        id="TEN-ACC-007",
        severity="critical",
        title="No service account holds more than the tenant's people, but for the kinds that its install is made of",
        rationale="Whoever may run a pod may run it as any service account of the namespace, and holds its rights. "
        "Controllers write what Pipelines' runs and Seldon's rollouts are made of: nothing that leads out of them.",
        fix="Take from the account what no role of people has",
        find=accounts,
    ),
)
