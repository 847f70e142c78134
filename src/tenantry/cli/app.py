"""Every verb, in the order in which a newcomer needs them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from tenantry.cli import add, check, demo, diff, doctor, preview, render, schema, show, status, up, validate, verify
from tenantry.cli import list as list_
from tenantry.cli.sandbox import down as sandbox_down
from tenantry.cli.sandbox import env as sandbox_env
from tenantry.cli.sandbox import logs as sandbox_logs
from tenantry.cli.sandbox import status as sandbox_status
from tenantry.cli.sandbox import up as sandbox_up

Command = Callable[..., int]

VERBS: Mapping[str, Command] = {
    "demo": demo.demo,
    "add": add.add,
    "validate": validate.validate,
    "check": check.check,
    "list": list_.list_tenants,
    "show": show.show,
    "schema": schema.schema,
    "render": render.render,
    "diff": diff.diff,
    "preview": preview.preview,
    "up": up.up,
    "status": status.status,
    "verify": verify.verify,
    "doctor": doctor.doctor,
}
"""Name and function of each verb."""

SANDBOX_VERBS: Mapping[str, Command] = {
    "up": sandbox_up.up,
    "down": sandbox_down.down,
    "status": sandbox_status.status,
    "env": sandbox_env.env,
    "logs": sandbox_logs.logs,
}
"""The same below `tenantry sandbox`."""


def _leave(code: int, **_: object) -> None:
    raise typer.Exit(code)


app = typer.Typer(
    name="tenantry",
    no_args_is_help=True,
    # Rich's help costs 0.2 s, and its boxes say nothing more.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    result_callback=_leave,
    context_settings={"help_option_names": ["-h", "--help"]},
)

sandbox = typer.Typer(
    name="sandbox",
    help="A real Kubernetes control plane with fake nodes, in a folder.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer's signature of a callback
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - 0.05 s

        typer.echo(f"tenantry {version('tenantry')}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
]


@app.callback()
def tenantry(*, version: VersionOption = False) -> None:
    """Machine-learning platforms for many teams on one Kubernetes cluster: one YAML file a team."""
    del version


def help_text(command: Command) -> str:
    """The docstring of a command as its help, with the lines of its examples kept as they are."""
    # Paragraphs after a backspace character are not filled.
    return re.sub(r"(?m)^Examples:$", "\b\nExamples:", inspect.cleandoc(command.__doc__ or ""))


def _register(group: typer.Typer, verbs: Mapping[str, Command]) -> None:
    for name, command in verbs.items():
        group.command(name, help=help_text(command))(command)


_register(app, VERBS)
_register(sandbox, SANDBOX_VERBS)
app.add_typer(sandbox)
