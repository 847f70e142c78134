"""A difference for programs. docs/diff.md describes the shape; a new meaning of a key gets a new `version`."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from tenantry.cost import Cost
from tenantry.diff.model import RESOURCE_WORDS, Diff, ResourceChange, StackDiff

VERSION = 1


def to_json(diff: Diff) -> dict[str, Any]:
    """The whole difference as plain values. Amounts of money are decimal strings in US dollars."""
    return {
        "version": VERSION,
        "compared": diff.compared,
        "counts": {word: diff.count(word) for word in RESOURCE_WORDS},
        "stacks": [_stack(stack) for stack in diff.stacks],
        "notes": list(diff.notes),
    }


def _stack(stack: StackDiff) -> dict[str, Any]:
    return {
        "stack": stack.stack,
        "change": stack.change,
        "counts": {word: stack.count(word) for word in RESOURCE_WORDS},
        "resources": [_resource(resource) for resource in stack.resources],
        "quota": [asdict(change) for change in stack.quota],
        "cost": {"before": _cost(stack.money.before), "after": _cost(stack.money.after)} if stack.money else None,
    }


def _resource(resource: ResourceChange) -> dict[str, Any]:
    return {**asdict(resource), "fields": [asdict(change) for change in resource.fields]}


def _cost(cost: Cost | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {
        "guaranteed_usd": str(cost.guaranteed_usd),
        "ceiling_usd": str(cost.ceiling_usd),
        "budget_usd": str(cost.budget_usd),
        "over_budget": cost.over_budget,
        "lines": [{key: _plain(item) for key, item in asdict(line).items()} for line in cost.lines],
    }


def _plain(item: object) -> object:
    return str(item) if isinstance(item, Decimal) else item
