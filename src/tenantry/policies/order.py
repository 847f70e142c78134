"""Rules on order: guards before guests, and so guests before guards on the way out."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry.policies.model import Finding, Item, Rule, View

GUARDS = frozenset(
    {
        "ConfigMap",
        "FlowSchema",
        "LimitRange",
        "LocalQueue",
        "Namespace",
        "NetworkPolicy",
        "PriorityLevelConfiguration",
        "ResourceQuota",
    }
)
"""Kinds of the objects that hold a tenant in its bounds. Of ConfigMaps those that a stack makes: parameters."""


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
    guards = [item for item in view.objects if item.kind in GUARDS]
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
