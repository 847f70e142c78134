"""`tenantry sandbox env`: the variables that make pulumi and kubectl use the sandbox."""

from __future__ import annotations

import os
import shlex
from typing import Annotated, Literal

import typer

from tenantry.cli.options import EnvironmentOption, RootOption
from tenantry.cli.output import write, write_json
from tenantry.cli.project import find_root
from tenantry.cli.sandbox.place import sandbox_of

ShellOption = Annotated[Literal["sh", "fish", "json"], typer.Option("--shell", help="Whose syntax.")]


def env(*, shell: ShellOption = "sh", environment: EnvironmentOption = None, root: RootOption = None) -> int:
    """Print the variables for a shell, to be evaluated there.

    With them plain `kubectl get pods -n vision` and `pulumi preview -s vision.sandbox` do what tenantry does: the same
    cluster, state, engine and plugins.

    Examples:
        eval "$(tenantry sandbox env)"
        tenantry sandbox env --shell fish | source
    """
    from tenantry.engine.workspace import workspace  # noqa: PLC0415 - only for runs

    base = find_root(root)
    sandbox, spec = sandbox_of(base, environment)
    # The engine first: without a sandbox it says how to start one.
    variables = workspace(base, spec).env() | {"KUBECONFIG": str(sandbox.kubeconfig)}
    variables["PATH"] = _joined(sandbox.env()["PATH"], variables.get("PATH", ""))
    if shell == "json":
        write_json(variables)
    else:
        for name, value in sorted(variables.items()):
            write(f"set -gx {name} {shlex.quote(value)}" if shell == "fish" else f"export {name}={shlex.quote(value)}")
    return 0


def _joined(first: str, second: str) -> str:
    """Folders that are new in front, the person's own PATH behind, each folder once."""
    own = os.environ.get("PATH", os.defpath).split(os.pathsep)
    ours = [folder for folder in (*first.split(os.pathsep), *second.split(os.pathsep)) if folder not in own]
    return os.pathsep.join(dict.fromkeys([*ours, *own]))
