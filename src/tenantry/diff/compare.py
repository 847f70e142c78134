"""Two sets of rendered stacks, compared resource by resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tenantry.diff.fields import changed_fields
from tenantry.diff.model import (
    Diff,
    FieldChange,
    ResourceChange,
    ResourceLike,
    ResourceWord,
    StackDiff,
    StackLike,
    StackWord,
)
from tenantry.diff.replacing import replaces

GROUPS = ("tenantry:", "pulumi:pulumi:")
"""Types that only group others, in the engine's tree and nowhere else. What they hold is compared, they are not."""

HIDDEN = "[secret]"
"""Stands for every value of a Secret: a diff ends up in comments and logs."""

HIDING = "kubernetes:core/v1:Secret"
"""Type whose values are hidden."""


def diff(before: Iterable[StackLike], after: Iterable[StackLike]) -> Diff:
    """What applying `after` would change on what `before` made.

    Pure. Resources are matched by URN, so a resource whose logical name or parent changes is one removed and one added,
    as it is for the engine. Stacks are sorted by name; in a stack, resources stand as the program declares
    them, removed ones last. The values of Secrets are replaced by `HIDDEN` after the comparison.

    Args:
        before: rendered stacks, each name once.
        after: rendered stacks, each name once. A stack that only one side has is added or removed as a whole.
    """
    old, new = {stack.stack: stack for stack in before}, {stack.stack: stack for stack in after}
    names = sorted({*old, *new})
    stacks = (_stack(name, old.get(name), new.get(name)) for name in names)
    return Diff(tuple(stack for stack in stacks if stack.resources), compared=len(names))


def _stack(name: str, before: StackLike | None, after: StackLike | None) -> StackDiff:
    word: StackWord = "added" if before is None else "removed" if after is None else "changed"
    return StackDiff(name, word, tuple(_resources(_by_urn(before), _by_urn(after))))


def _by_urn(stack: StackLike | None) -> dict[str, ResourceLike]:
    resources = stack.resources if stack else ()
    return {resource.urn: resource for resource in resources if not resource.type.startswith(GROUPS)}


def _resources(before: dict[str, ResourceLike], after: dict[str, ResourceLike]) -> Iterable[ResourceChange]:
    for urn, resource in after.items():
        if urn not in before:
            yield ResourceChange(urn, resource.type, title(resource), "added")
            continue
        fields = changed_fields(before[urn].inputs, resource.inputs)
        if fields:
            word: ResourceWord = "replaced" if replaces(resource.type, fields) else "changed"
            yield ResourceChange(urn, resource.type, title(resource), word, tuple(_unsecret(resource.type, fields)))
    for urn, resource in before.items():
        if urn not in after:
            yield ResourceChange(urn, resource.type, title(resource), "removed")


def title(resource: ResourceLike) -> str:
    """What a person calls a resource: kind, namespace and name of an object, else its type and logical name."""
    metadata = resource.inputs.get("metadata")
    kind = resource.type.rpartition(":")[2]
    if not isinstance(metadata, Mapping) or not isinstance(metadata.get("name"), str):
        return f"{kind} {resource.name}"
    return f"{kind} {_qualified(metadata)}"


def _qualified(metadata: Mapping[str, Any]) -> str:
    namespace = metadata.get("namespace")
    return f"{namespace}/{metadata['name']}" if isinstance(namespace, str) else str(metadata["name"])


def _unsecret(type_token: str, fields: Iterable[FieldChange]) -> Iterable[FieldChange]:
    for change in fields:
        if type_token != HIDING or not change.path.startswith(("data", "stringData")):
            yield change
        else:
            before = None if change.before is None else HIDDEN
            after = None if change.after is None else HIDDEN
            yield FieldChange(change.path, change.change, before, after)
