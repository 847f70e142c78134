"""docs/cli.md: every verb with its arguments and options, from the program's own help."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import typer.main

from tenantry.cli.app import app
from tenantry.reference.table import table

if TYPE_CHECKING:
    from typer.core import TyperCommand

EXIT_CODES: Final = (
    ("0", "Done."),
    (
        "1",
        "What a person wrote or answered: a file that cannot be accepted, a no to a question, a difference asked for.",
    ),
    ("2", "How the command was used: an unknown word or option, or nobody there to answer a question."),
    ("3", "Ours or the cluster's: a stack that failed, a program that is missing, an API server that does not answer."),
    ("130", "Interrupted by Ctrl-C. What was done is kept; run it again to go on."),
    ("141", "The reader of its output went away."),
)
HEAD: Final = """\
# The command line

<!-- Made by `python -m tenantry.reference` from the program's help. Do not edit. -->

Data goes to stdout, everything said on the way to stderr. `tenantry --install-completion` sets up completion in the
shell.

## Exit codes
"""


def command_line() -> str:
    """The whole page."""
    return "\n".join((HEAD + table(("code", "means"), EXIT_CODES), *_sections(typer.main.get_command(app), None)))


def _sections(command: Any, parent: Any) -> Iterator[str]:  # noqa: ANN401 - Typer's commands have no public types
    context = typer.Context(command, info_name=command.name, parent=parent, terminal_width=1000, max_content_width=1000)
    if children := getattr(command, "commands", None):
        for child in children.values():
            yield from _sections(child, context)
    else:
        yield _section(command, context)


def _section(command: TyperCommand, context: typer.Context) -> str:
    # A backspace alone on its line keeps the examples below it as they are.
    prose, _, examples = (command.help or "").partition("\b\nExamples:\n")
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    # The last one is --help, the same everywhere.
    rows = [(f"`{record[0]}`", record[1]) for record in records[:-1] if record]
    parts = [f"## {context.command_path}", prose.strip(), f"```sh\n{textwrap.dedent(examples).strip()}\n```"]
    parts.append(f"`{command.get_usage(context).removeprefix('Usage: ')}`")
    if rows:
        parts.append(table(("argument or option", "what"), rows))
    return "\n\n".join(parts)
