"""`tenantry sandbox up`: start the cluster, or repair it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenantry.cli.options import EnvironmentOption, RootOption
from tenantry.cli.output import err, say
from tenantry.cli.project import find_root
from tenantry.cli.sandbox.place import sandbox_of
from tenantry.cli.sandbox.progress import stepping

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

    sandbox, spec = sandbox_of(find_root(root), environment)
    with shown(err()) as progress:
        ensure(progress=progress)
    with stepping() as tell:
        sandbox.up(tell, crds=crds)
    found = sandbox.status()
    say(f"The sandbox is up: {found.nodes_ready} of {found.nodes} nodes ready, {engine_line()}.", "green")
    say(f'Next: tenantry up. kubectl and pulumi on it: eval "$(tenantry sandbox env)" ({spec.cluster.context}).')
    return 0
