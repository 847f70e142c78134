"""`tenantry sandbox up`: start the cluster, or repair it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenantry.cli.options import EnvironmentOption, RootOption
from tenantry.cli.output import err, say
from tenantry.cli.project import find_root
from tenantry.cli.sandbox.place import sandbox_of
from tenantry.cli.sandbox.progress import stepping

if TYPE_CHECKING:
    from tenantry.sandbox.control_plane import Sandbox

CrdsOption = Annotated[
    Path | None,
    typer.Option(
        "--crds",
        metavar="FOLDER",
        exists=True,
        file_okay=False,
        help="Folder with the real definitions of custom resources. Default: permissive ones are made.",
    ),
]


def up(*, crds: CrdsOption = None, environment: EnvironmentOption = None, root: RootOption = None) -> int:
    """Start the sandbox; again, to repair it.

    A real Kubernetes control plane with fake nodes, as processes of yours on loopback. Its programs are looked for on
    PATH and in the cache, downloaded, or built; that takes minutes once, and goes on where it was interrupted.

    Examples:
        tenantry sandbox up
    """
    from tenantry.sandbox.toolchain import ensure  # noqa: PLC0415 - only for the sandbox
    from tenantry.sandbox.toolchain.rendering import shown  # noqa: PLC0415 - only for the sandbox
    from tenantry.sandbox.toolchain.reporting import engine_line  # noqa: PLC0415 - only for the sandbox

    sandbox, _ = sandbox_of(find_root(root), environment)
    with shown(err()) as progress:
        ensure(programs(sandbox), progress)
    with stepping() as tell:
        sandbox.up(tell, crds=crds)
    found = sandbox.status()
    say(f"The sandbox is up: {found.nodes_ready} of {found.nodes} nodes ready, {engine_line()}.", "green")
    say('Next: tenantry up. For kubectl and pulumi on it: eval "$(tenantry sandbox env)"')
    return 0


def programs(sandbox: Sandbox) -> tuple[str, ...]:
    """The programs that a start makes available.

    Plugins with a stand-in are looked for once, when the sandbox is made: an engine that changes plugins in the
    middle compares what one of them wrote with what another one reads. `make toolchain` looks again.
    """
    from tenantry.sandbox.toolchain import PROGRAMS  # noqa: PLC0415 - only for the sandbox

    fresh = not sandbox.kubeconfig.exists()
    return tuple(name for name, program in PROGRAMS.items() if fresh or program.source)
