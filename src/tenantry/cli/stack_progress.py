"""Live progress of runs on many stacks: bars on a terminal, a line a finished stack elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from tenantry.cli.failure import plural
from tenantry.cli.output import err

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from tenantry.engine.results import OnProgress, Operation, Outcome, Progress, StackResult

DONE_WORDS: Final[Mapping[Operation, str]] = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
}
PLAN_WORDS: Final[Mapping[Operation, str]] = {
    "create": "to create",
    "update": "to update",
    "replace": "to replace",
    "delete": "to delete",
}
STYLES: Final[Mapping[Outcome, str]] = {"done": "green", "failed": "red", "busy": "yellow", "changed": "yellow"}


@contextmanager
def watching(what: str, total: int, words: Mapping[Operation, str]) -> Iterator[OnProgress]:
    """A watcher for `engine.runs`, drawn on stderr while inside.

    Args:
        what: what is done, as in `Planning`.
        total: how many stacks there are.
        words: for the operations, as they are said of a finished stack.
    """
    console = err()
    if not console.is_terminal:
        yield lambda progress: _line(console, progress, words)
        return
    with _bars(console) as bars:
        yield _Live(bars, what, total, words)


def _bars(console: Console) -> Bars:
    from rich import progress  # noqa: PLC0415 - only on a terminal

    what = progress.TextColumn("{task.description}", markup=False)
    last = progress.TextColumn("{task.fields[resource]}", style="dim", markup=False)
    numbers = (progress.BarColumn(20), progress.MofNCompleteColumn(), progress.TimeElapsedColumn())
    return progress.Progress(progress.SpinnerColumn(), what, *numbers, last, console=console, transient=True)


class _Live:
    """Bars of the stacks that run, below a line for each that has ended. Called from several threads."""

    def __init__(self, bars: Bars, what: str, total: int, words: Mapping[Operation, str]) -> None:
        self._bars, self._words = bars, words
        self._all = bars.add_task(what, total=total, resource="")
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, progress: Progress) -> None:
        if progress.phase == "ended":
            _line(self._bars.console, progress, self._words)
            self._bars.remove_task(self._task(progress.stack))
            del self._tasks[progress.stack]
            self._bars.advance(self._all)
        elif progress.phase == "stopping":
            self._bars.update(self._all, resource="stopping after what is under way …")
        elif progress.phase != "waiting":
            self._bars.update(
                self._task(progress.stack),
                completed=progress.finished,
                total=progress.total,
                resource=progress.resource or "starting",
            )

    def _task(self, stack: str) -> TaskID:
        if stack not in self._tasks:
            self._tasks[stack] = self._bars.add_task(f"  {stack}", total=None, resource="")
        return self._tasks[stack]


def _line(console: Console, progress: Progress, words: Mapping[Operation, str]) -> None:
    if result := progress.result:
        text = f"{result.stack}: {sentence(result, words)} ({result.seconds:.1f} s)"
        console.print(text, style=STYLES.get(result.outcome), soft_wrap=True)


def sentence(result: StackResult, words: Mapping[Operation, str]) -> str:
    """What happened to a stack, or would happen, in a few words."""
    if result.outcome != "done":
        return result.outcome
    said = [f"{result.counts[operation]} {word}" for operation, word in words.items() if result.counts[operation]]
    return ", ".join(said) or f"nothing to do, {plural(result.counts['same'], 'resource')} as they should be"
