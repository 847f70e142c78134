"""What the sandbox's parts wrote."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

POLL: Final = 0.2
"""Seconds between two looks at a log that is followed."""
TAIL_BYTES: Final = 4000


def lines(log: Path, following: Callable[[], bool]) -> Iterator[str]:
    """The lines of a log, without their ends; at the end of the file, those to come while `following` says so."""
    with log.open(errors="replace") as file:
        while True:
            if line := file.readline():
                yield line.rstrip("\n")
            elif following():
                time.sleep(POLL)
            else:
                return


def tail(log: Path, count: int = 12) -> str:
    """The last lines of a log, for messages."""
    with log.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - TAIL_BYTES))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])
