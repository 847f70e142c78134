"""Rules on whose an object is: marked, in its own place, and nothing that hides what it makes."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry import names
from tenantry.policies.model import Finding, Rule, View, words

CLUSTER_KINDS = {
    "Namespace": names.namespace,
    "ClusterQueue": names.cluster_queue,
    "FlowSchema": names.priority_level,
    "PriorityLevelConfiguration": names.priority_level,
    "ValidatingWebhookConfiguration": names.seldon_webhook,
}
"""Kinds of the whole cluster that a tenant's stack makes, and the one name that each may have."""

SHARED = {names.SIGN_ON_NAMESPACE: names.sign_on}
"""Namespaces of the platform's that tenants' stacks write into, and the one name of everything of a tenant's in it."""

CHARTS = ("kubernetes:helm.sh/", "kubernetes:kustomize", "kubernetes:yaml")
"""Resources that make objects which no preview shows."""

OVERRIDES = ("pulumi.com/patchForce", "pulumi.com/skipAwait")
"""Annotations that make Pulumi take fields from others, or not wait until a guard is there."""


def marked(view: View) -> Iterator[Finding]:
    """Every object says whose it is, which concern it belongs to and which file it comes from."""
    environment = names.environment_file(names.split_stack(view.stack)[1])
    sources = {view.tenant.source, *(one.source for one in view.tenant.models)} if view.tenant else {environment}
    for item in view.objects:
        labels = words(item.data, "metadata", "labels")
        annotations = words(item.data, "metadata", "annotations")
        wanted = {names.TENANT_LABEL: view.owner, names.MANAGED_BY_LABEL: names.MANAGED_BY}
        for key, value in wanted.items():
            if labels.get(key) != value:
                yield Finding(item, f"has {labels.get(key, 'nothing')} for the label {key}, not {value}")
        if not labels.get(names.COMPONENT_LABEL):
            yield Finding(item, f"has no label {names.COMPONENT_LABEL}")
        if annotations.get(names.SOURCE_ANNOTATION) not in sources:
            listed = " or ".join(sorted(sources))
            yield Finding(item, f"does not name {listed} in the annotation {names.SOURCE_ANNOTATION}")


def in_place(view: View) -> Iterator[Finding]:
    """Objects are in the tenant's namespace, or of a listed kind and named after the tenant."""
    for item in view.objects:
        if item.namespace == names.namespace(view.owner):
            continue
        if item.namespace in SHARED:
            if item.name != SHARED[item.namespace](view.owner):
                yield Finding(item, f"is not named {SHARED[item.namespace](view.owner)}")
        elif item.namespace:
            yield Finding(item, f"is in the namespace {item.namespace}")
        elif item.kind not in CLUSTER_KINDS:
            yield Finding(item, "names no namespace, and its kind is none that a tenant's stack makes in the cluster")
        elif item.name != CLUSTER_KINDS[item.kind](view.owner):
            yield Finding(item, f"is not named {CLUSTER_KINDS[item.kind](view.owner)}")


def visible(view: View) -> Iterator[Finding]:
    """Nothing is a chart."""
    for resource in view.resources:
        if resource.type.startswith(CHARTS):
            yield Finding(None, f"{resource.name} is a {resource.type}, which hides the objects that it makes")


def plain(view: View) -> Iterator[Finding]:
    """No object tells Pulumi to use force or not to wait."""
    for item in view.objects:
        for key in OVERRIDES:
            if key in words(item.data, "metadata", "annotations"):
                yield Finding(item, f"has the annotation {key}")


RULES = (
    Rule(
        id="TEN-OWN-001",
        severity="high",
        title="Every object says whose it is and which file it comes from",
        rationale="Admission goes by the labels: an object without them can be edited by its tenant. People go by the "
        "annotation.",
        fix="Make the metadata with Marks.meta of components/metadata.py",
        find=marked,
        of="both",
    ),
    Rule(
        id="TEN-OWN-002",
        severity="critical",
        title="A tenant's objects are in its namespace, or bear its name",
        rationale="An object elsewhere is another tenant's or the platform's to lose, and two stacks that make one "
        "object take it from each other in turns.",
        fix="Put it into the tenant's namespace, or the kind and its name into policies/ownership.py",
        find=in_place,
    ),
    Rule(
        id="TEN-OWN-003",
        severity="high",
        title="A tenant's stack holds typed resources only",
        rationale="A chart is one resource to a preview: what it changes nobody sees, and no rule here can judge.",
        fix="Write its objects out as typed resources",
        find=visible,
    ),
    Rule(
        id="TEN-OWN-004",
        severity="medium",
        title="No object tells Pulumi to use force or not to wait",
        rationale="Force takes fields from whoever owns them; without waiting, rights come before a guard is there.",
        fix="Take the annotation away",
        find=plain,
        of="both",
    ),
)
