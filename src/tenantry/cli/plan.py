"""What a run would do, as a person reads it before saying yes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from tenantry.cli.failure import plural
from tenantry.cli.output import print_table, table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from tenantry.engine.results import Change, Operation, StackResult

MARKS: Final[Mapping[Operation, tuple[str, str]]] = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "replace": ("±", "bold red"),
    "delete": ("-", "bold red"),
}
"""Sign and colour of an operation. Whatever deletes is red."""
SHOWN: Final = 12
"""Most creations listed of one stack; more are counted."""


def changed(results: Iterable[StackResult]) -> list[StackResult]:
    """Those planned stacks that are not yet what their files say."""
    return [result for result in results if result.outcome == "done" and any(result.counts[word] for word in MARKS)]


def print_changes(results: Iterable[StackResult], console: Console) -> None:
    """Every stack with something to do: its changes, with each field of an update."""
    for result in changed(results):
        console.print(result.stack, style="bold")
        for line in _lines(result):
            console.print(line, soft_wrap=True)
        console.print()


def _lines(result: StackResult) -> Iterator[Text]:
    from rich.text import Text  # noqa: PLC0415 - loaded already, by the console

    changes = [change for change in result.changes if change.operation != "create" or _tangible(change)]
    hidden = [change for change in changes if change.operation == "create"][SHOWN:]
    for change in changes:
        if change not in hidden:
            yield from _change(change)
    if hidden:
        yield Text(f"  + {plural(len(hidden), 'more creation')}", style="green")


def _tangible(change: Change) -> bool:
    """Whether it is an object of a cluster or a cloud: components and providers only hold those together."""
    return not change.type.startswith(("tenantry:", "pulumi:"))


def _change(change: Change) -> Iterator[Text]:
    from rich.text import Text  # noqa: PLC0415 - loaded already, by the console

    from tenantry.diff.lines import field_line, printable  # noqa: PLC0415 - belongs to the model

    mark, style = MARKS[change.operation]
    suffix = " (deleted and created anew)" if change.operation == "replace" else ""
    yield Text(f"  {mark} {printable(change.title)}{suffix}", style=style)
    for one in map(field_line, change.fields):
        yield Text(f"      {one.mark} {one.text}", style="dim")


def print_counts(results: Sequence[StackResult], console: Console) -> None:
    """A table of all stacks: how many resources are created, updated, replaced, deleted, and how each ended."""
    from rich.text import Text  # noqa: PLC0415 - loaded already, by the console

    def cell(result: StackResult, operation: Operation) -> Text:
        count = result.counts[operation]
        return Text(str(count), style=MARKS[operation][1] if count else "dim")

    headings = ("STACK", "CREATE", "UPDATE", "REPLACE", "DELETE", "SAME", "SECONDS", "OUTCOME")
    rows = [
        (
            result.stack,
            *(cell(result, operation) for operation in MARKS),
            str(result.counts["same"]),
            f"{result.seconds:.1f}",
            Text(result.outcome, style="green" if result.outcome == "done" else "bold red"),
        )
        for result in results
    ]
    print_table(table(headings, rows, right=headings[1:-1]), console)


def print_errors(results: Iterable[StackResult], console: Console) -> None:
    """Why stacks are not done, in the words of whoever refused."""
    for result in results:
        if result.error:
            console.print(f"\n{result.stack}: {result.outcome}", style="bold red")
            console.print(result.error, soft_wrap=True)


def document(results: Iterable[StackResult]) -> list[dict[str, Any]]:
    """The same for a program."""
    return [{key: value for key, value in asdict(result).items() if key != "basis"} for result in results]
