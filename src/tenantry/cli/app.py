"""Every verb, in the order in which a newcomer needs them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Annotated

import typer

from tenantry.cli import add, diff, render, schema, show, validate
from tenantry.cli import list as list_

Command = Callable[..., int]

VERBS: dict[str, Command] = {
    "add": add.add,
    "validate": validate.validate,
    "list": list_.list_tenants,
    "show": show.show,
    "schema": schema.schema,
    "render": render.render,
    "diff": diff.diff,
}
"""Name and function of each verb."""


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


for name, command in VERBS.items():
    app.command(name, help=help_text(command))(command)
