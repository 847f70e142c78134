"""The options and arguments that several verbs share, with their completion."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tenantry.cli.project import environment_ids, nearest_root, tenant_ids


def complete_environment(ctx: typer.Context, incomplete: str) -> list[str]:
    """Environments whose names begin like that. Lists a folder, reads no file."""
    root = _root(ctx)
    return [name for name in environment_ids(root) if name.startswith(incomplete)] if root else []


def complete_tenant(ctx: typer.Context, incomplete: str) -> list[str]:
    """Tenants whose names begin like that. Lists a folder, reads no file."""
    root = _root(ctx)
    return [name for name in tenant_ids(root) if name.startswith(incomplete)] if root else []


def _root(ctx: typer.Context) -> Path | None:
    return ctx.params.get("root") or nearest_root(Path.cwd())


RootOption = Annotated[
    Path | None,
    typer.Option(
        "--root",
        metavar="PATH",
        help="The repository. Default: the nearest folder, from here upwards, with a Pulumi.yaml.",
        show_default=False,
    ),
]

EnvironmentOption = Annotated[
    str | None,
    typer.Option(
        "--env",
        "-e",
        metavar="NAME",
        help="The environment. Default: the only one there is.",
        autocompletion=complete_environment,
        show_default=False,
    ),
]

Format = Literal["text", "json"]

FormatOption = Annotated[
    Format, typer.Option("--output", "-o", help="For a person, or for a program.", show_default=True)
]

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.", show_default=False)]

TenantArgument = Annotated[
    str, typer.Argument(metavar="TENANT", help="Its id, as in tenants/ID/.", autocompletion=complete_tenant)
]

TenantsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TENANT]...", help="Default: every one.", autocompletion=complete_tenant, show_default=False
    ),
]
