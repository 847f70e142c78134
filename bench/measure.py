"""Taking times side by side, and the rows that say what came of it."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured thing."""

    bench: str
    """Name of the measurement, as in `validate`."""
    what: str
    """What was measured."""
    seconds: float
    """Median of the runs, for one unit."""
    unit: str
    """What the seconds are, and of what: `CPU a tenant`."""
    runs: int
    """How many times the median is of."""
    ratio: float | None = None
    """These seconds over those of the row that they are compared with; None for that row itself."""
    aim: str = ""
    """What the ratio or the seconds should be."""


def cpu() -> float:
    """Seconds of CPU that this process and its ended children have used. The load of others hardly changes it."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def median_of(runs: int, clock: Callable[[], float], *actions: Callable[[], object]) -> list[float]:
    """Median time of each action by a clock. They take turns, so that a slow minute of the machine hits all of them."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(runs):
        for action, times in zip(actions, taken, strict=True):
            start = clock()
            action()
            times.append(clock() - start)
    return [statistics.median(times) for times in taken]


def wall() -> float:
    """Seconds as they pass."""
    return time.perf_counter()


def run(*command: str) -> Callable[[], None]:
    """Running a command, its output thrown away.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    return lambda: void(subprocess.run(command, check=True, stdout=subprocess.DEVNULL))


def void(_: object) -> None:
    """Nothing."""


def growth(bench: str, unit: str, sizes: Sequence[int], times: Sequence[float], runs: Sequence[int]) -> list[Row]:
    """Rows of the same work at growing sizes, each compared with the smallest."""
    return [
        Row(bench, f"{size} tenants", seconds, unit, count, None if size == sizes[0] else seconds / times[0], aim)
        for size, seconds, count, aim in zip(
            sizes, times, runs, ["", *["about 1, or less"] * (len(sizes) - 1)], strict=True
        )
    ]


def say(text: str) -> None:
    """Progress goes to the error stream, so that the table stays clean."""
    print(text, file=sys.stderr, flush=True)
