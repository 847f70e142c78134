"""`tenantry status`: what is deployed, and how much of it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from tenantry.cli.failure import plural
from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption, TenantsArgument
from tenantry.cli.output import out, print_table, table, write_json
from tenantry.cli.project import choose_environment, choose_tenants, find_root

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from tenantry.status import QuotaUse, TenantStatus

RESOURCES: Final = ("cpu", "memory", "gpus", "storage", "pods")
"""Columns of the table: resources of a quota, as a tenant's file names them."""
BAR: Final = 6
"""Characters of a bar."""
TIGHT: Final = 0.8
"""Share from which on a bar is yellow; a full one is red. Tenantry's own choice."""


def status(
    tenants: TenantsArgument = None,
    *,
    environment: EnvironmentOption = None,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Show what is deployed and how much of each quota is used.

    Read from the state of the last run and from the cluster; nothing runs and nothing is changed. An object that the
    state has and the cluster has not is drift: `tenantry up --refresh` brings it back.

    Examples:
        tenantry status
        tenantry status vision --output json
    """
    from tenantry.status import status as read_status  # noqa: PLC0415 - only here

    base = find_root(root)
    place = choose_environment(base, environment)
    found = read_status(base, place, choose_tenants(base, tenants or ()))
    if output == "json":
        write_json([_document(one) for one in found])
    else:
        _print(found, out())
    return 0


def _print(found: Sequence[TenantStatus], console: Console) -> None:
    headings = ("TENANT", "STATE", "RESOURCES", "UPDATED", *(name.upper() for name in RESOURCES))
    rows = [(one.tenant, state(one), str(one.resources or ""), _updated(one), *_bars(one)) for one in found]
    print_table(table(headings, rows, right=("RESOURCES",)), console)
    for one in found:
        for missing in one.missing:
            console.print(f"{one.tenant}: {missing} is gone from the cluster.", style="yellow", soft_wrap=True)
        if one.pending:
            said = f"{one.tenant}: a killed run left {plural(one.pending, 'operation')}; the next up clears them."
            console.print(said, style="yellow", soft_wrap=True)


def state(one: TenantStatus) -> Text:
    """How a tenant is, in a word or two."""
    from rich.text import Text  # noqa: PLC0415 - loaded already, by the console

    if not one.deployed:
        return Text("not deployed", style="dim")
    if one.phase is None or one.missing:
        return Text(f"drifted ({len(one.missing)})", style="bold red")
    if one.phase != "Active":
        return Text(one.phase.lower(), style="yellow")
    return Text(one.lifecycle or "active", style="green" if one.lifecycle in (None, "active") else "yellow")


def _updated(one: TenantStatus) -> str:
    return one.updated.astimezone().strftime("%Y-%m-%d %H:%M") if one.updated else ""


def _bars(one: TenantStatus) -> list[Text]:
    uses = {use.resource: use for use in one.quota}
    return [bar(uses.get(name)) for name in RESOURCES]


def bar(use: QuotaUse | None) -> Text:
    """Used and hard of one resource, with a bar that turns yellow and red as it fills."""
    from rich.text import Text  # noqa: PLC0415 - loaded already, by the console

    if use is None:
        return Text("-", style="dim")
    full = min(BAR, round(use.share * BAR))
    style = "red" if use.share >= 1 and use.used != "0" else "yellow" if use.share >= TIGHT else "green"
    return Text.assemble(("█" * full, style), ("░" * (BAR - full), "dim"), f" {use.used}/{use.hard}")


def _document(one: TenantStatus) -> dict[str, Any]:
    return {**asdict(one), "updated": one.updated.isoformat() if one.updated else None}
