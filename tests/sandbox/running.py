"""A sandbox for the length of a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tenantry.environment import EnvironmentSpec
from tenantry.sandbox.control_plane import Sandbox


@contextmanager
def running(folder: Path, environment: EnvironmentSpec, programs: Mapping[str, Path]) -> Iterator[Sandbox]:
    """A sandbox that is up, in a folder below the given one; it leaves no process and no file behind."""
    box = Sandbox(folder / "sandbox", environment, programs)
    try:
        box.up()
        yield box
    finally:
        box.down(purge=True)
