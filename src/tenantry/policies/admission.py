"""Rules on admission: every guard of the API server is there, refuses, and cannot be walked round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tenantry import guards, names
from tenantry.guards.parameters import NAME, parameters
from tenantry.network_reach import matches
from tenantry.policies.model import Finding, Item, Rule, View, dig, items, words

POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"


def bindings(view: View) -> Mapping[str, list[Item]]:
    """Bindings by the name of their policy."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in view.of(BINDING):
        found[str(dig(item.data, "spec", "policyName"))].append(item)
    return found


def complete(view: View) -> Iterator[Finding]:
    """Every rule of `tenantry.guards` has its policy."""
    made = {item.name for item in view.of(POLICY)}
    for rule in guards.RULES:
        if rule.policy not in made:
            yield Finding(None, f"makes no {POLICY} {rule.policy}")


def closed(view: View) -> Iterator[Finding]:
    """What cannot be evaluated is refused."""
    for item in view.of(POLICY):
        if dig(item.data, "spec", "failurePolicy") != "Fail":
            yield Finding(item, f"spec.failurePolicy is {dig(item.data, 'spec', 'failurePolicy')}")


def bound(view: View) -> Iterator[Finding]:
    """Every policy is bound, and every binding denies."""
    by_policy = bindings(view)
    for item in view.of(POLICY):
        if item.name not in by_policy:
            yield Finding(item, "has no binding, and so refuses nothing")
    for item in view.of(BINDING):
        if "Deny" not in items(item.data, "spec", "validationActions"):
            yield Finding(item, f"has the actions {', '.join(items(item.data, 'spec', 'validationActions'))}")


def parametrised(view: View) -> Iterator[Finding]:
    """Where a policy reads parameters, it reads them in the request's namespace, and without them refuses."""
    by_policy = bindings(view)
    for policy in view.of(POLICY):
        for item in by_policy.get(policy.name, []) if dig(policy.data, "spec", "paramKind") else ():
            reference = words(item.data, "spec", "paramRef")
            if reference.get("name") != NAME or reference.get("namespace"):
                yield Finding(item, "does not read the parameters of the request's own namespace")
            if reference.get("parameterNotFoundAction") != "Deny" and "CREATE" in _operations(item):
                yield Finding(item, "lets objects be created where there are no parameters")


def _operations(binding: Item) -> set[str]:
    """Operations that a binding is about. One that narrows nothing is about all of its policy's."""
    rules = items(binding.data, "spec", "matchResources", "resourceRules")
    return {word for rule in rules for word in items(rule, "operations")} if rules else {"CREATE"}


def every_tenant(view: View) -> Iterator[Finding]:
    """No policy or binding leaves out a tenant's namespace."""
    namespace = {names.TENANT_LABEL: "some-team", "kubernetes.io/metadata.name": "some-team"}
    for item in view.of(POLICY, BINDING):
        match = words(item.data, "spec", "matchConstraints") or words(item.data, "spec", "matchResources")
        selector: Any = match.get("namespaceSelector")
        if selector and not matches(selector, namespace):
            yield Finding(item, "does not match the namespaces of every tenant")
        if match.get("excludeResourceRules"):
            yield Finding(item, "has excludeResourceRules")


def own_parameters(view: View) -> Iterator[Finding]:
    """The tenant's parameters are in its namespace, and say what its file says."""
    if view.tenant is None:
        return
    found = {item.name: item for item in view.of("ConfigMap") if item.namespace == names.namespace(view.owner)}
    if NAME not in found:
        yield Finding(None, f"makes no ConfigMap {NAME} in {names.namespace(view.owner)}")
        return
    data = words(found[NAME].data, "data")
    for key, value in parameters(view.tenant).items():
        if data.get(key) != value:
            yield Finding(found[NAME], f"has {data.get(key)!r} for {key}, not {value!r}")


RULES = (
    Rule(
        id="TEN-ADM-001",
        severity="critical",
        title="Every guard has its policy in the API server",
        rationale="Pod Security lets through tolerations, nodeName, priorities, images, load balancers and more: each "
        "guard stops what no other does.",
        fix="Keep Admission in components/platform.py",
        find=complete,
        of="platform",
    ),
    Rule(
        id="TEN-ADM-002",
        severity="critical",
        title="A policy that cannot be evaluated refuses",
        rationale="With failurePolicy Ignore, an object that makes an expression fail walks past the guard.",
        fix="Set failurePolicy to Fail",
        find=closed,
        of="platform",
    ),
    Rule(
        id="TEN-ADM-003",
        severity="critical",
        title="Every policy is bound, and every binding denies",
        rationale="A policy without a binding does nothing; one that warns or audits lets everything through.",
        fix="Bind it with validationActions [Deny]",
        find=bound,
        of="platform",
    ),
    Rule(
        id="TEN-ADM-004",
        severity="critical",
        title="Parameters are the namespace's own, and nothing is created without them",
        rationale="Otherwise a namespace whose parameters are not there yet, or were deleted, has no such guard.",
        fix="Set paramRef to the ConfigMap by name, with parameterNotFoundAction Deny for CREATE",
        find=parametrised,
        of="platform",
    ),
    Rule(
        id="TEN-ADM-005",
        severity="critical",
        title="No guard leaves out a tenant",
        rationale="A selector that some tenant's namespace does not match is a hole that only its team sees.",
        fix="Select namespaces by the tenant's label alone",
        find=every_tenant,
        of="platform",
    ),
    Rule(
        id="TEN-ADM-006",
        severity="critical",
        title="The tenant's parameters say what its file says",
        rationale="The guards believe the parameters: pools, registries and hosts that are not the tenant's would be "
        "open to it.",
        fix="Make them with tenantry.guards.parameters",
        find=own_parameters,
    ),
)
