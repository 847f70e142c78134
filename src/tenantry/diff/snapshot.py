"""Everything that a comparison needs of one side: its stacks rendered, and what its tenants hold and cost.

Runs in this process, or with another revision's code in a process of its own (`main`). Both ends of that are
Tenantry, at two revisions: `Request` and `Answer` may only ever gain keys that have a default.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from tenantry.catalog import environments_of, load_catalog, load_tenant
from tenantry.cost import Cost, monthly_cost
from tenantry.errors import InputError, Problem
from tenantry.names import PLATFORM, environment_file, platform_stack, split_stack, tenant_file, tenant_stack

T = TypeVar("T")


@dataclass(frozen=True)
class Selection:
    """Which stacks a change of files can touch."""

    tenants: tuple[str, ...] = ()
    """Tenants whose own files differ: all their stacks."""
    environments: tuple[str, ...] = ()
    """Environments whose file differs: their platform, and every tenant that lives there."""
    everything: bool = False
    """Every stack there is: the code differs."""


@dataclass(frozen=True)
class SnapshotResource:
    """One rendered resource, as far as it is compared."""

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """One rendered stack."""

    stack: str
    resources: tuple[SnapshotResource, ...]
    quota: dict[str, Any] = field(default_factory=dict)
    """What the tenant may hold, as its file and its tier say; empty for a platform."""
    cost: Cost | None = None
    """What the tenant costs; None for a platform."""


@dataclass(frozen=True)
class Request:
    """What `main` is asked for, on its standard input."""

    root: str
    selection: Selection
    answer: str
    """File for the answer: the standard output belongs to whatever the program prints."""


@dataclass(frozen=True)
class Answer:
    """What `main` writes: snapshots, or what is wrong with the files."""

    snapshots: tuple[Snapshot, ...] = ()
    problems: tuple[Problem, ...] = ()


def snapshots(root: Path, selection: Selection) -> tuple[Snapshot, ...]:
    """The selected stacks of one root, rendered by the code of this process, sorted by name.

    Raises:
        InputError: with every problem of the files that had to be read.
    """
    # Pulumi takes seconds to import; whoever only formats a difference must not pay for it.
    from tenantry.render import render_stacks  # noqa: PLC0415  # heavy, and only needed here

    stacks = sorted(stacks_of(root, selection))
    facts = _facts(root, stacks)
    return tuple(
        Snapshot(
            rendered.stack,
            tuple(SnapshotResource(item.urn, item.type, item.name, item.inputs) for item in rendered.resources),
            *facts.get(rendered.stack, ({}, None)),
        )
        for rendered in render_stacks(root, stacks)
    )


def stacks_of(root: Path, selection: Selection) -> set[str]:
    """Names of the selected stacks that exist below a root.

    Where only tenants are selected, only their files and the environments' are read.
    """
    present = [tenant for tenant in selection.tenants if (root / tenant_file(tenant)).exists()]
    lives_in = _each(present, lambda tenant: environments_of(root, tenant))
    stacks = {tenant_stack(tenant, name) for tenant, names in lives_in.items() for name in names}
    if not (selection.everything or selection.environments):
        return stacks
    catalog = load_catalog(root)
    chosen = set(catalog.environments if selection.everything else selection.environments)
    platforms = {platform_stack(name) for name in chosen if (root / environment_file(name)).is_file()}
    return stacks | platforms | {stack for stack in catalog.stacks() if split_stack(stack)[1] in chosen}


def main() -> None:
    """Answer one request; the way in for the process that renders with another revision's code."""
    request = TypeAdapter(Request).validate_json(sys.stdin.buffer.read())
    try:
        answer = Answer(snapshots(Path(request.root), request.selection))
    except InputError as error:
        answer = Answer(problems=error.problems)
    Path(request.answer).write_bytes(TypeAdapter(Answer).dump_json(answer))


def _facts(root: Path, stacks: Iterable[str]) -> dict[str, tuple[dict[str, Any], Cost]]:
    """Quota and cost of every tenant's stack."""

    def of(stack: str) -> tuple[dict[str, Any], Cost]:
        tenant = load_tenant(root, *split_stack(stack))
        return tenant.spec.quota.model_dump(mode="json"), monthly_cost(tenant)

    return _each([stack for stack in stacks if split_stack(stack)[0] != PLATFORM], of)


def _each(names: Iterable[str], read: Callable[[str], T]) -> dict[str, T]:
    """Read each of them, and report the problems of all, not of the first."""
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for name in names:
        try:
            found[name] = read(name)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return found
