"""Kinds in a tenant's namespace that only the platform writes."""

from __future__ import annotations

from tenantry.guards.cel import BY_PLATFORM
from tenantry.guards.rule import Check, Operation, Rule, Target

ALWAYS: tuple[Operation, ...] = ("CREATE", "UPDATE", "DELETE")


def kinds(group: str, *plurals: str) -> Target:
    """Every write of these kinds, and of their status."""
    return Target(group=group, plurals=(*plurals, *(f"{plural}/status" for plural in plurals)), operations=ALWAYS)


def exclusive(
    *, name: str, family: str, targets: tuple[Target, ...], why: str, fix: str, attacks: tuple[str, ...]
) -> Rule:
    """A rule that refuses every write that is not the platform's.

    Tenants' roles grant none of these kinds: the rule holds where a role became wider than it should be.
    """
    check = Check(
        expression="variables.byPlatform",
        field="kind",
        value="request.kind.kind",
        what=f"is written by the platform alone: {why}",
        fix=fix,
    )
    return Rule(name=name, family=family, targets=targets, variables=(BY_PLATFORM,), checks=(check,), attacks=attacks)
