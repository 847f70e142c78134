"""Rules on namespaces: one a tenant, held to Pod Security's strictest level, kept from deletion."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry import names
from tenantry.policies.model import Finding, Rule, View, words

PREFIX = "pod-security.kubernetes.io/"
LEVELS = {
    f"{PREFIX}{mode}{suffix}": value
    for mode in ("enforce", "audit", "warn")
    for suffix, value in (("", "restricted"), ("-version", "latest"))
}
"""Labels of Pod Security Admission. Source: Kubernetes' documentation of it."""


def one(view: View) -> Iterator[Finding]:
    """A tenant's stack makes the tenant's namespace and no other."""
    expected = names.namespace(view.owner)
    made = list(view.of("Namespace"))
    if expected not in {item.name for item in made}:
        yield Finding(None, f"makes no namespace {expected}")
    for item in made:
        if item.name != expected:
            yield Finding(item, "is not the tenant's own namespace")


def pod_security(view: View) -> Iterator[Finding]:
    """Every namespace carries every label, with the strictest value."""
    for item in view.of("Namespace"):
        labels = words(item.data, "metadata", "labels")
        for label, level in LEVELS.items():
            if labels.get(label) != level:
                yield Finding(item, f"has {labels.get(label, 'nothing')} for {label}, not {level}")


def kept(view: View) -> Iterator[Finding]:
    """Where a cluster is not made to be thrown away, Pulumi refuses to delete a living tenant's namespace."""
    tenant = view.tenant
    if tenant is None or tenant.environment.cluster.kind == "sandbox" or tenant.spec.lifecycle == "offboarding":
        return
    for item in view.of("Namespace"):
        if not item.resource.protect:
            yield Finding(item, "is not protected")


RULES = (
    Rule(
        id="TEN-NS-001",
        severity="critical",
        title="A tenant's stack makes the tenant's namespace and no other",
        rationale="The namespace is the boundary of everything else; a stack that makes another one can empty it.",
        fix="Make names.namespace(tenant) in components/namespace.py, and nothing besides",
        find=one,
    ),
    Rule(
        id="TEN-NS-002",
        severity="critical",
        title="Every namespace is held to Pod Security's level restricted",
        rationale="Below it a pod may run as root, mount the node's disk or join its network, and so reach every "
        "tenant on the node.",
        fix="Give the namespace all labels of POD_SECURITY in components/namespace.py",
        find=pod_security,
        of="both",
    ),
    Rule(
        id="TEN-NS-003",
        severity="high",
        title="A living tenant's namespace is protected from deletion",
        rationale="With a namespace goes everything that a team has. It takes two steps that two people see.",
        fix="Pass protect from is_protected in components/namespace.py",
        find=kept,
    ),
)
