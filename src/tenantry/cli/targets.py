"""Which stacks a run is about, checked before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenantry.cli.project import choose_environment, choose_tenants, find_root
from tenantry.names import platform_stack, tenant_stack

if TYPE_CHECKING:
    from tenantry.engine.workspace import Workspace

PlatformOption = Annotated[
    bool | None,
    typer.Option(
        "--platform/--no-platform",
        help="Run the platform's stack too. Default: where no tenant is named, or the platform was never up.",
        show_default=False,
    ),
]
RefreshOption = Annotated[
    bool, typer.Option("--refresh", help="Ask the cluster what is there first, so that drift shows and is repaired.")
]


@dataclass(frozen=True)
class Targets:
    """Where a run runs, and on what."""

    workspace: Workspace
    environment: str
    stacks: tuple[str, ...]


def choose(root: Path | None, environment: str | None, tenants: Sequence[str], *, platform: bool | None) -> Targets:
    """The stacks to run. Every file of the catalog is checked first, so that nothing runs on a broken one.

    Raises:
        InputError: a file cannot be accepted, or a named tenant does not live in the environment.
        UsageError: no such repository, environment or tenant.
        PlatformError: the engine or the sandbox is not there.
    """
    from tenantry.catalog import load_catalog  # noqa: PLC0415 - 0.4 s
    from tenantry.engine.workspace import workspace  # noqa: PLC0415 - only for runs

    base = find_root(root)
    place = choose_environment(base, environment)
    catalog = load_catalog(base)
    named = choose_tenants(base, tenants) if tenants else []
    for tenant in named:
        catalog.effective(tenant, place)
    found = workspace(base, catalog.environments[place])
    first = platform if platform is not None else not named or _never_up(found)
    stacks = [tenant_stack(tenant, place) for tenant in named or catalog.living_in(place)]
    return Targets(found, place, (*([platform_stack(place)] if first else []), *stacks))


def _never_up(workspace: Workspace) -> bool:
    from tenantry.engine.state import read_state  # noqa: PLC0415 - only for runs

    state = read_state(workspace, platform_stack(workspace.environment.id))
    return state is None or not state.deployed
