"""Draws the toolchain's events: bars on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from tenantry.sandbox.toolchain.events import Event, Phase, Progress

EVERY: Final = 15.0
"""Seconds between two lines about the same work where there is no terminal."""
_SILENT: Final = frozenset({Phase.FOUND, Phase.STAND_IN})
"""Nothing to wait for, and told elsewhere: `engine_line` says which stand-ins are used."""
_SHORT: Final = 3
_MINUTE: Final = 60
_MEBI: Final = 1 << 20


@contextmanager
def shown(console: Console) -> Iterator[Progress]:
    """Show events on a console while the block runs. What was there already is not worth a word."""
    if not console.is_terminal:
        yield _Lines(console).tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[amount]}"))
    with Bars(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console) as bars:
        yield _Drawn(bars).tell


class _Drawn:
    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[tuple[str, ...], TaskID] = {}

    def tell(self, event: Event) -> None:
        if event.phase in _SILENT:
            return
        if event.programs not in self._tasks:
            self._tasks[event.programs] = self._bars.add_task("", total=None, amount="")
        done, total = (1, 1) if event.phase is Phase.READY else (event.done, event.total or None)
        self._bars.update(
            self._tasks[event.programs],
            description=f"{event.phase} {names(event.programs)}",
            completed=done,
            total=total,
            amount=amount(event),
        )


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._key: tuple[tuple[str, ...], Phase] | None = None
        self._began = 0.0
        self._last = 0.0

    def tell(self, event: Event) -> None:
        key = (event.programs, event.phase)
        new = key != self._key
        if new:
            self._key, self._began = key, event.elapsed
        if event.phase in _SILENT or not (new or event.elapsed - self._last >= EVERY):
            return
        self._last = event.elapsed
        words = [f"[{clock(event.elapsed)}] {event.phase} {names(event.programs)}", amount(event)]
        words += [_to_go(event, event.elapsed - self._began), _then(event)]
        self._console.print(
            ", ".join(word for word in words if word), markup=False, highlight=False, soft_wrap=True, emoji=False
        )


def names(programs: tuple[str, ...]) -> str:
    """A few names, or the first ones and how many more."""
    if len(programs) <= _SHORT:
        return ", ".join(programs)
    return f"{', '.join(programs[:2])} and {len(programs) - 2} more"


def amount(event: Event) -> str:
    """How far the work is, in its own unit. Empty where that is not known."""
    if event.phase is Phase.DOWNLOADING and event.done:
        total = f" of {event.total / _MEBI:.0f}" if event.total else ""
        return f"{event.done / _MEBI:.0f}{total} MiB"
    if event.phase is Phase.FETCHING and event.done:
        return f"{event.done:,} modules"
    if event.phase is Phase.BUILDING:
        return "linking" if event.done >= event.total else f"{event.done:,} of {event.total:,} packages"
    return ""


def clock(seconds: float) -> str:
    """Minutes and seconds, as in 7:05."""
    return f"{int(seconds) // _MINUTE}:{int(seconds) % _MINUTE:02d}"


def _to_go(event: Event, spent: float) -> str:
    """A guess from the pace so far, once there is a pace."""
    if not event.total or event.done < event.total / 20 or event.done >= event.total:
        return ""
    return f"about {clock(spent * (event.total - event.done) / event.done)} to go"


def _then(event: Event) -> str:
    rest = tuple(name for name in event.left if name not in event.programs)
    return f"then {names(rest)}" if rest else ""
