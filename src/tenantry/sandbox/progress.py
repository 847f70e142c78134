"""What the sandbox tells while it works: plain events, drawn elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tenantry.sandbox.toolchain.events import Event


@dataclass(frozen=True)
class Step:
    """One step of a start or a stop. Told twice: when it begins, and when it is done."""

    name: str
    """What is worked on, as in `kube-apiserver`."""
    what: str
    """What is done with it, as in `starting`."""
    done: bool
    seconds: float
    """How long it took. 0 while it is not done."""


Progress = Callable[[Step | Event], None]
"""Takes the sandbox's own steps, and the toolchain's events while programs are on their way."""


def quiet(_: Step | Event) -> None:
    """Tell nobody."""


@contextmanager
def told(progress: Progress, name: str, what: str) -> Iterator[None]:
    """Tell that a step begins, and that it is done. A step that fails is not told as done."""
    began = time.monotonic()
    progress(Step(name, what, done=False, seconds=0))
    yield
    progress(Step(name, what, done=True, seconds=time.monotonic() - began))
