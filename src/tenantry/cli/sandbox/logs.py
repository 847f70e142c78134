"""`tenantry sandbox logs`: what a part of the cluster says."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Annotated

import typer

from tenantry.cli.options import EnvironmentOption, RootOption
from tenantry.cli.output import write
from tenantry.cli.project import find_root, known_word
from tenantry.cli.sandbox.place import sandbox_of


def complete_part(incomplete: str) -> list[str]:
    """Parts of the sandbox whose names begin like that."""
    from tenantry.sandbox.parts import PARTS  # noqa: PLC0415 - only for the sandbox

    return [part for part in PARTS if part.startswith(incomplete)]


PartArgument = Annotated[
    str, typer.Argument(metavar="PART", help="etcd, kube-apiserver, …", autocompletion=complete_part)
]
FollowOption = Annotated[bool, typer.Option("--follow", "-f", help="Go on with what it will say, while it runs.")]
TailOption = Annotated[int, typer.Option("--tail", min=0, metavar="N", help="Only the last N lines; 0: all.")]


def logs(
    part: PartArgument,
    *,
    follow: FollowOption = False,
    tail: TailOption = 0,
    environment: EnvironmentOption = None,
    root: RootOption = None,
) -> int:
    """Print what one part of the sandbox wrote.

    Examples:
        tenantry sandbox logs kube-apiserver --tail 20
        tenantry sandbox logs kube-controller-manager --follow
    """
    from tenantry.sandbox.parts import PARTS  # noqa: PLC0415 - only for the sandbox

    sandbox, _ = sandbox_of(find_root(root), environment)
    known_word(part, PARTS, "part")
    skipped = max(0, sum(1 for _ in sandbox.logs(part)) - tail) if tail else 0
    for line in islice(sandbox.logs(part, follow=follow), skipped, None):
        write(line)
        if follow:
            sys.stdout.flush()
    return 0
