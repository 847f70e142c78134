"""The programs that the sandbox and the engine run, and how this machine gets them.

`find` looks, `ensure` makes available (PATH, cache, the vendor's release, built from Go modules), `report` tells.
"""

from __future__ import annotations

from pathlib import Path

from tenantry.sandbox.toolchain.background import Background
from tenantry.sandbox.toolchain.cancelling import Cancel, CancelledError
from tenantry.sandbox.toolchain.ensuring import ensure
from tenantry.sandbox.toolchain.events import Event, Phase, Progress, quiet
from tenantry.sandbox.toolchain.found import Found, Origin, look
from tenantry.sandbox.toolchain.programs import CLUSTER, ENGINE, PROGRAMS, Program
from tenantry.sandbox.toolchain.rendering import shown
from tenantry.sandbox.toolchain.reporting import ProgramReport, engine_line, official_engine, report

__all__ = [
    "CLUSTER",
    "ENGINE",
    "PROGRAMS",
    "Background",
    "Cancel",
    "CancelledError",
    "Event",
    "Found",
    "Origin",
    "Phase",
    "Program",
    "ProgramReport",
    "Progress",
    "engine_line",
    "ensure",
    "find",
    "look",
    "official_engine",
    "quiet",
    "report",
    "shown",
]


def find(name: str) -> Path | None:
    """Where a program is: on PATH if its version is accepted, else in the cache. None: `ensure` would get it."""
    found = look(name)
    return found.path if found else None
