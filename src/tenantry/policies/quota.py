"""Rules on quotas: everything that can run out is counted, and nothing is above the tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenantry import gpu, names
from tenantry.installs import installs
from tenantry.policies.model import Finding, Item, Rule, View, dig, items, words
from tenantry.quantity import number

TOTALS = (
    "requests.cpu",
    "requests.memory",
    "limits.memory",
    "requests.storage",
    "pods",
    f"requests.{gpu.RESOURCE}",
)
"""What a namespace without a limit takes from everybody."""

NONE = ("services.nodeports", "services.loadbalancers")
"""What no tenant may have one of: both open a way in from outside that no policy of the namespace sees."""

BUILT_IN = (
    "configmaps",
    "cronjobs.batch",
    "deployments.apps",
    "ingresses.networking.k8s.io",
    "jobs.batch",
    "leases.coordination.k8s.io",
    "networkpolicies.networking.k8s.io",
    "persistentvolumeclaims",
    "pods",
    "replicasets.apps",
    "resourceclaims.resource.k8s.io",
    "resourceclaimtemplates.resource.k8s.io",
    "secrets",
    "serviceaccounts",
    "services",
    "statefulsets.apps",
)
"""Kinds of Kubernetes itself that a namespace can be filled with, whoever writes them."""

SYSTEM_PRIORITIES = frozenset({"system-cluster-critical", "system-node-critical"})


def quotas(view: View) -> list[Item]:
    """Quotas of the tenant's namespace."""
    return [item for item in view.of("ResourceQuota") if item.namespace == names.namespace(view.owner)]


def hard(view: View) -> dict[str, str]:
    """What the quotas without a scope limit, the lowest value of each."""
    found: dict[str, str] = {}
    for item in quotas(view):
        if not dig(item.data, "spec", "scopeSelector") and not items(item.data, "spec", "scopes"):
            found |= words(item.data, "spec", "hard")
    return found


def totals(view: View) -> Iterator[Finding]:
    """Compute, storage, pods and GPUs are limited, ways in from outside are none."""
    limits = hard(view)
    for resource in TOTALS:
        if resource not in limits:
            yield Finding(None, f"no ResourceQuota of {names.namespace(view.owner)} limits {resource}")
    for resource in NONE:
        if limits.get(resource) != "0":
            yield Finding(None, f"{resource} is {limits.get(resource, 'not limited')}, not 0")


def granted(view: View) -> Iterable[str]:
    """Kinds that some role lets its holders make, as quotas name them."""
    for item in view.of("Role"):
        for rule in items(item.data, "rules"):
            if {"create", "*"} & set(items(rule, "verbs")):
                for group in items(rule, "apiGroups"):
                    for resource in items(rule, "resources"):
                        if "/" not in resource and "*" not in (group, resource):
                            yield f"{resource}.{group}" if group else resource


def counts(view: View) -> Iterator[Finding]:
    """Every kind that can be made is counted."""
    limits = hard(view)
    for kind in sorted({*BUILT_IN, *granted(view)}):
        if f"count/{kind}" not in limits:
            yield Finding(None, f"no ResourceQuota of {names.namespace(view.owner)} limits count/{kind}")


def ceilings(view: View) -> Iterator[Finding]:
    """No limit is above what the tier allows, with room for what the platform itself runs in the namespace."""
    if view.tenant is None:
        return
    most = view.tenant.environment.tiers[view.tenant.spec.tier].ceilings
    allowed = {
        "requests.cpu": str(most.cpu),
        "requests.memory": most.memory,
        "limits.memory": most.memory,
        "requests.storage": most.storage,
        "pods": str(most.pods),
        f"requests.{gpu.RESOURCE}": str(most.gpus),
    }
    running = installs(view.tenant)
    for install in running:
        allowed = install.footprint.added_to(allowed)
    besides = "".join(f" and {install.product}" for install in running)
    for resource, value in hard(view).items():
        if resource in allowed and number(value) > number(allowed[resource]):
            tier = f"the tier {view.tenant.spec.tier}{besides}"
            yield Finding(None, f"{resource} is {value}, and {tier} together allow {allowed[resource]}")


def accelerators(view: View) -> Iterator[Finding]:
    """No device is granted but GPUs, which the tier limits."""
    for resource, value in hard(view).items():
        device = resource.startswith("requests.") and "/" in resource
        if device and resource != f"requests.{gpu.RESOURCE}" and value != "0":
            yield Finding(None, f"{resource} is {value}, and no tier grants that device")


def defaults(view: View) -> Iterator[Finding]:
    """A container that says nothing gets a request for CPU and memory, and a limit of memory."""
    found: set[str] = set()
    for item in view.of("LimitRange"):
        for limit in items(item.data, "spec", "limits"):
            if item.namespace == names.namespace(view.owner) and dig(limit, "type") == "Container":
                found |= {f"{key}.{name}" for key in ("default", "defaultRequest") for name in words(limit, key)}
    for missing in sorted({"default.memory", "defaultRequest.cpu", "defaultRequest.memory"} - found):
        yield Finding(None, f"no LimitRange of {names.namespace(view.owner)} gives containers {missing}")


def system_priorities(view: View) -> Iterator[Finding]:
    """A quota of no pods for the priority classes of Kubernetes' own parts."""
    refused: set[str] = set()
    for item in quotas(view):
        for term in items(item.data, "spec", "scopeSelector", "matchExpressions"):
            ours = dig(term, "scopeName") == "PriorityClass" and dig(term, "operator") == "In"
            if ours and dig(item.data, "spec", "hard", "pods") == "0":
                refused |= set(items(term, "values"))
    for name in sorted(SYSTEM_PRIORITIES - refused):
        yield Finding(None, f"no ResourceQuota of {names.namespace(view.owner)} refuses pods of the class {name}")


RULES = (
    Rule(
        id="TEN-QUO-001",
        severity="high",
        title="Compute, storage, pods and GPUs of every tenant are limited, ways in from outside are none",
        rationale="What one team is not limited in, all others may find used up.",
        fix="Name it in hard_limits of components/quota.py",
        find=totals,
    ),
    Rule(
        id="TEN-QUO-002",
        severity="high",
        title="Objects of every kind that can be made are counted",
        rationale="etcd holds a few GiB for all tenants together; one loop that makes objects of an uncounted kind "
        "fills it, and then nobody can write.",
        fix="Add the kind to components/kinds.py",
        find=counts,
    ),
    Rule(
        id="TEN-QUO-003",
        severity="high",
        title="No quota is above the ceiling of the tenant's tier, and what its installs take",
        rationale="The platform team sells what the cluster has; a quota above the tier takes it from others.",
        fix="Lower it, or give the tenant another tier",
        find=ceilings,
    ),
    Rule(
        id="TEN-QUO-004",
        severity="high",
        title="No accelerator is granted but the GPUs of the quota block",
        rationale="The same device under another vendor's or a shared name passes the quota of GPUs.",
        fix="Set it to 0 in OTHER_ACCELERATORS of components/quota.py",
        find=accelerators,
    ),
    Rule(
        id="TEN-QUO-005",
        severity="medium",
        title="Containers that ask for nothing get requests and a limit of memory",
        rationale="With a quota in force the API server refuses a pod without them, and without a limit one leak "
        "takes the node's memory.",
        fix="Set them in CONTAINER_DEFAULTS of components/quota.py",
        find=defaults,
    ),
    Rule(
        id="TEN-QUO-006",
        severity="high",
        title="No tenant's pod may have the priority of Kubernetes' own parts",
        rationale="Any namespace may use those classes since Kubernetes 1.17, and such a pod evicts every other.",
        fix="Keep no_system_priority in components/quota.py",
        find=system_priorities,
    ),
)
