"""Many stacks at a time, in processes: the SDK is all Python, and one process uses one CPU whatever its threads do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from tenantry.errors import PlatformError
from tenantry.render.program import Program
from tenantry.render.stack import RenderedStack

WORTH: Final = 16
"""Stacks from which on another process pays: it takes 1.5 s of CPU to get ready, and a stack about a tenth of that."""

_programs: Final[list[Program]] = []
"""In a worker, the one program that it runs."""


def processes(stacks: int) -> int:
    """How many processes that many stacks are worth. One where the work is done here."""
    return max(1, min(os.cpu_count() or 1, stacks // WORTH))


def render(root: Path, stacks: Sequence[str], workers: int) -> Iterator[RenderedStack]:
    """Every stack, in the order asked for, rendered by that many processes.

    Raises:
        TenantryError: what the first stack that fails raises; those before it have been yielded.
        PlatformError: a process was killed.
    """
    # A fork would take the locks of gRPC's threads along, held by nobody.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _open, (root,))
    try:
        yield from pool.map(_render, stacks)
    except BrokenProcessPool as error:
        raise PlatformError(
            f"A process that rendered stacks of {root} was ended from outside. Is the machine short of memory? "
            "Render fewer tenants at a time."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _open(root: Path) -> None:
    # Ctrl-C reaches all processes of a terminal; the one that asked for the stacks stops the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _programs.append(Program(root).__enter__())


def _render(stack: str) -> RenderedStack:
    return _programs[0].render(stack)
