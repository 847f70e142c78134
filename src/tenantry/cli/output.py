"""How results reach a person or a program: tables, JSON, and a console that takes nothing for markup."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPE_WIDTH = 160
"""Columns where nobody's window says how many there are, so that a table in a pipe or a log is not folded."""


def out() -> Console:
    """Console of data: stdout."""
    return _console(sys.stdout)


def err() -> Console:
    """Console of everything that is said on the way: stderr."""
    return _console(sys.stderr)


def _console(file: IO[str]) -> Console:
    from rich.console import Console  # noqa: PLC0415 - 0.1 s

    # Rich itself looks at NO_COLOR, FORCE_COLOR, TERM and whether the file is a terminal.
    width = None if file.isatty() or os.environ.get("COLUMNS") else PIPE_WIDTH
    return Console(file=file, width=width, markup=False, highlight=False, emoji=False)


def write(text: str) -> None:
    """Data as it is, on stdout, ending in a line feed."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def write_json(document: object) -> None:
    """A document for a program, on stdout: UTF-8, indented, keys in the order they were made."""
    write(json.dumps(document, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    # Decimals keep their digits: money never becomes a float.
    return str(value)


def say(text: str, style: str | None = None) -> None:
    """One line on the way, on stderr."""
    err().print(text, style=style, soft_wrap=True)


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[str] = ()) -> Table:
    """A table without lines, as `kubectl get` prints them.

    Args:
        headings: of the columns.
        rows: strings, or anything that Rich can draw.
        right: headings of the columns that hold numbers.
    """
    from rich.table import Table  # noqa: PLC0415 - 0.1 s

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        made.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def print_table(made: Table, console: Console) -> None:
    """A table on a console, without the blanks that would fill up its last column."""
    with console.capture() as captured:
        console.print(made)
    for line in captured.get().splitlines():
        console.file.write(f"{line.rstrip()}\n")
