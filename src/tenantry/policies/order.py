"""Rules on order: guards before guests, and so guests before guards on the way out."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry.guards import parameters
from tenantry.policies.model import Finding, Item, Rule, View, dig

GUARDS = frozenset(
    {
        "FlowSchema",
        "LimitRange",
        "LocalQueue",
        "Namespace",
        "PriorityLevelConfiguration",
        "ResourceQuota",
    }
)
"""Kinds of the objects that hold a tenant in its bounds."""


def is_guard(item: Item) -> bool:
    """Whether an object holds a tenant in its bounds: of ConfigMaps the parameters of the API server's rules alone, of
    policies those of the namespace as a whole, and not what an install brings for itself.
    """
    if item.kind == "ConfigMap":
        return item.name == parameters.NAME
    if item.kind == "NetworkPolicy":
        return bool(dig(item.data, "spec", "podSelector") == {})
    return item.kind in GUARDS


def before(view: View, item: Item) -> set[str]:
    """Urns of everything that must be there before an object: what it and its ancestors depend on."""
    known = {resource.urn: resource for resource in view.resources}
    found: set[str] = set()
    ahead = [item.resource.urn]
    while ahead:
        resource = known.get(ahead.pop())
        for urn in (resource.parent, *resource.dependencies) if resource else ():
            if urn not in found:
                found.add(urn)
                ahead.append(urn)
    return found


def guards_first(view: View) -> Iterator[Finding]:
    """Every binding comes after every guard."""
    guards = [item for item in view.objects if is_guard(item)]
    for binding in view.of("RoleBinding"):
        earlier = before(view, binding)
        for guard in guards:
            if guard.resource.urn not in earlier:
                yield Finding(binding, f"does not wait for the {guard}")


RULES = (
    Rule(
        id="TEN-ORD-001",
        severity="critical",
        title="Nobody holds a right before every guard is there",
        rationale="A run can be interrupted anywhere. What is there then must be safe, and on the way out the rights "
        "must go first.",
        fix="Add the guard to _guards in components/tenant.py",
        find=guards_first,
    ),
)
