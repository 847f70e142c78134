"""A difference as a person reads it on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tenantry.diff.lines import Line, blast_radius, printable, stack_lines
from tenantry.diff.model import Diff

if TYPE_CHECKING:
    from rich.console import Console

STYLES = {"+": "green", "-": "red", "±": "red", "~": "yellow", "!": "bold red"}
"""Colour of a line by its mark. Whatever deletes is red."""


def to_text(diff: Diff) -> str:
    """The whole difference as plain text, ending in a line feed."""
    return "".join(f"{line}\n" for line, _ in _styled(diff))


def print_text(diff: Diff, console: Console) -> None:
    """The same with colours, where the console has them. Nothing in it is taken for markup."""
    for line, style in _styled(diff):
        console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def _styled(diff: Diff) -> Iterator[tuple[str, str | None]]:
    for stack in diff.stacks:
        yield stack.stack, "bold"
        for line in stack_lines(stack):
            yield _line(line), STYLES.get(line.mark)
        yield "", None
    yield f"Blast radius: {blast_radius(diff)}." if diff.stacks else _nothing(diff), "bold"
    for note in diff.notes:
        yield printable(note), "dim"


def _nothing(diff: Diff) -> str:
    return f"No rendered resource differs; {diff.compared} stacks compared."


def _line(line: Line) -> str:
    return f"  {'    ' * line.indent}{line.mark} {line.text}".rstrip()
