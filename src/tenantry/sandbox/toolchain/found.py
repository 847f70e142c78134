"""Finds programs that are there already: on PATH, among Pulumi's plugins, or in the cache."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from tenantry.sandbox.toolchain import cache, modules
from tenantry.sandbox.toolchain.programs import PROGRAMS, Program, Version, parse_version

ASK_TIMEOUT: Final = 20.0
"""Seconds for a program to print its version; a large one on a busy machine takes some."""
STAND_IN_MARK: Final = b"tenantry"
"""A script that names Tenantry in its first bytes is one of its stand-ins, and never an official plugin."""


class Origin(StrEnum):
    """Where a program comes from."""

    PATH = "path"
    RELEASE = "release"
    """The vendor's own, downloaded into the cache."""
    BUILT = "built"
    """Built from Go modules into the cache."""
    MISSING = "missing"


@dataclass(frozen=True)
class Found:
    """A program that may be used."""

    path: Path
    origin: Origin
    version: str


def look(name: str) -> Found | None:
    """Find a program: on PATH if its version is accepted, else in the cache.

    Raises:
        KeyError: no such program is in the table.
    """
    program = PROGRAMS[name]
    return _on_path(program) or _plugin(program) or _cached(program)


def passed_over(name: str) -> str:
    """Why the one on PATH is not used, as in `/usr/bin/etcd is 3.4.30, >=3.6, <4.0 is needed`. Empty: no reason."""
    program = PROGRAMS[name]
    path = shutil.which(name)
    if path is None or _on_path(program):
        return ""
    if _is_stand_in(Path(path)):
        return f"{path} is Tenantry's stand-in"
    version = version_of(Path(path), program)
    said = ".".join(map(str, version)) if version else "of no known version"
    return f"{path} is {said}, {program.wanted} is needed"


def _on_path(program: Program) -> Found | None:
    where = shutil.which(program.name)
    if where is None or _is_stand_in(Path(where)):
        return None
    version = version_of(Path(where), program)
    if not program.accepts(version):
        return None
    return Found(Path(where), Origin.PATH, ".".join(map(str, version)) if version else "")


def _plugin(program: Program) -> Found | None:
    """A plugin that Pulumi's own installer put into its home."""
    kind_and_name = program.name.removeprefix("pulumi-")
    if program.source or kind_and_name == program.name:
        return None
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    for folder in sorted((home / "plugins").glob(f"{kind_and_name}-v*")):
        if (path := folder / program.name).is_file() and os.access(path, os.X_OK):
            return Found(path, Origin.PATH, folder.name.rpartition("-v")[2])
    return None


def _cached(program: Program) -> Found | None:
    released = cache.release_program(program.release)
    if released.is_file():
        return Found(released, Origin.RELEASE, program.release.version)
    if program.source and (built := modules.built_program(program)).is_file():
        return Found(built, Origin.BUILT, modules.pinned_version(program.source))
    return None


def version_of(path: Path, program: Program) -> Version | None:
    """Ask a program for its version. None where it prints none, or does not run here."""
    if not program.version_command:
        return None
    try:
        done = subprocess.run(
            [path, *program.version_command],
            capture_output=True,
            text=True,
            check=False,
            timeout=ASK_TIMEOUT,
            env=os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_version(done.stdout + done.stderr)


def _is_stand_in(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(512)
    return start.startswith(b"#!") and STAND_IN_MARK in start.lower()
