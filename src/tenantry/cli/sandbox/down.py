"""`tenantry sandbox down`: stop the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tenantry.cli.ask import DECLINED, agreed
from tenantry.cli.options import EnvironmentOption, RootOption, YesOption
from tenantry.cli.output import say
from tenantry.cli.project import find_root
from tenantry.cli.sandbox.place import sandbox_of
from tenantry.cli.sandbox.progress import stepping

if TYPE_CHECKING:
    from tenantry.sandbox.control_plane import Sandbox

PurgeOption = Annotated[bool, typer.Option("--purge", help="Remove its data and the state of its stacks, too.")]


def down(
    *,
    purge: PurgeOption = False,
    yes: YesOption = False,
    environment: EnvironmentOption = None,
    root: RootOption = None,
) -> int:
    """Stop every process of the sandbox; its data stays.

    With --purge nothing stays: the next `up` starts with an empty cluster.

    Examples:
        tenantry sandbox down
        tenantry sandbox down --purge --yes
    """
    sandbox, _ = sandbox_of(find_root(root), environment)
    if purge and not _may_purge(sandbox, yes=yes):
        say("Nothing was removed.")
        return DECLINED
    with stepping() as tell:
        sandbox.down(tell, purge=purge)
    say("The sandbox is down; nothing of it is left." if purge else "The sandbox is down; its data stays.")
    return 0


def _may_purge(sandbox: Sandbox, *, yes: bool) -> bool:
    if not sandbox.folder.exists():
        return True
    say(f"This removes the cluster's data, its certificates and the state of its stacks in {sandbox.folder}.", "red")
    return agreed("Remove them?", yes=yes)
