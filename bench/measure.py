"""Taking times side by side, and the rows that say what came of it."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
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
    """What one unit is: `tenant`, `run`."""
    runs: int
    """How often it ran."""
    ratio: float | None = None
    """This row's seconds over those of the row that it is compared with."""
    against: str = ""
    """The row that it is compared with."""
    aim: str = ""
    """What the ratio should be."""


def side_by_side(runs: int, *actions: Callable[[], object]) -> list[float]:
    """Median seconds of each action. They take turns, so that a slow minute of the machine hits all of them."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(runs):
        for action, times in zip(actions, taken, strict=True):
            start = time.perf_counter()
            action()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


def cpu_side_by_side(runs: int, *commands: list[str]) -> list[float]:
    """Median seconds of CPU, of user and system together, of each command; they take turns.

    Raises:
        RuntimeError: a command failed.
    """
    taken: list[list[float]] = [[] for _ in commands]
    for _ in range(runs):
        for command, times in zip(commands, taken, strict=True):
            times.append(_cpu(command))
    return [statistics.median(times) for times in taken]


def say(text: str) -> None:
    """Progress goes to the error stream, so that the table stays clean."""
    print(text, file=sys.stderr, flush=True)


def _cpu(command: list[str]) -> float:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        actions = [(os.POSIX_SPAWN_DUP2, nowhere, 1)]
        pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
    finally:
        os.close(nowhere)
    if status:
        raise RuntimeError(f"{' '.join(command)} failed with status {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime
