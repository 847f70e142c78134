"""What the toolchain tells while it works: plain events, drawn elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Phase(StrEnum):
    """What is happening to a program."""

    FOUND = "found"
    """It is on PATH or in the cache; nothing to do."""
    WAITING = "waiting"
    """Another process downloads or builds; this one waits for its result."""
    DOWNLOADING = "downloading"
    FETCHING = "fetching modules"
    """Go downloads the source modules that the build needs."""
    BUILDING = "building"
    READY = "ready"
    """It was downloaded or built, and is in the cache now."""
    STAND_IN = "stand-in"
    """No official one can be had; Tenantry's stand-in takes its place."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing to tell. An event about the same programs and phase replaces the one before it."""

    programs: tuple[str, ...]
    phase: Phase
    detail: str = ""
    """Where it was found, where it comes from, or what goes on."""
    done: int = 0
    """Bytes while downloading, modules while fetching, packages while building."""
    total: int = 0
    """What `done` will reach. 0: not known."""
    elapsed: float
    """Seconds since the work began."""
    left: tuple[str, ...] = ()
    """Programs still to come, these included."""


Progress = Callable[[Event], None]


def quiet(_: Event) -> None:
    """Tell nobody."""


@dataclass
class Reporter:
    """Turns what happens into events: knows the time and what is left."""

    progress: Progress
    left: list[str]
    began: float = field(default_factory=time.monotonic)

    def tell(self, programs: tuple[str, ...], phase: Phase, detail: str = "", *, done: int = 0, total: int = 0) -> None:
        """Tell one event. A program that is found, ready or replaced is no longer left."""
        if phase in {Phase.FOUND, Phase.READY, Phase.STAND_IN}:
            self.left = [name for name in self.left if name not in programs]
        self.progress(
            Event(
                programs=programs,
                phase=phase,
                detail=detail,
                done=done,
                total=total,
                elapsed=time.monotonic() - self.began,
                left=tuple(self.left),
            )
        )
