"""Makes programs available, in this order: on PATH, in the cache, the vendor's release, built from Go modules."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain import cache, modules
from tenantry.sandbox.toolchain.build import build
from tenantry.sandbox.toolchain.cancelling import Cancel
from tenantry.sandbox.toolchain.download import MIRROR, NotPublishedError, Sites, UnreachableError
from tenantry.sandbox.toolchain.events import Phase, Progress, Reporter, quiet
from tenantry.sandbox.toolchain.found import look
from tenantry.sandbox.toolchain.programs import PROGRAMS, Program
from tenantry.sandbox.toolchain.release import take


def ensure(
    names: Iterable[str] = PROGRAMS, progress: Progress = quiet, cancel: Cancel | None = None
) -> dict[str, Path]:
    """Make programs available.

    Args:
        names: programs of the table.
        progress: told what happens; it is called in this thread.
        cancel: lets another thread stop the work.

    Returns:
        The path of each. One with a stand-in (a plugin of Pulumi) is left out where no official one can be had.

    Raises:
        PlatformError: a program can be had in no way, or a download has not the published sum. A wrong sum is never
            answered by building instead: it means that a site or the network between cannot be trusted.
        CancelledError: `cancel` was asked.
    """
    wanted = [PROGRAMS[name] for name in names]
    return _Run(wanted, progress, cancel or Cancel()).run()


class _Missing(NamedTuple):
    program: Program
    why: str
    """Why there is no release of it."""


class _Run:
    def __init__(self, wanted: Sequence[Program], progress: Progress, cancel: Cancel) -> None:
        self._wanted = wanted
        self._cancel = cancel
        self._reporter = Reporter(progress, [program.name for program in wanted])
        self._sites = Sites(cancel)
        self._paths: dict[str, Path] = {}

    def run(self) -> dict[str, Path]:
        if self._find():
            with cache.lock(self._cancel, self._wait):
                # Another process may have made them while this one waited.
                missing = self._find()
                shutil.rmtree(cache.staging_folder("."))
                self._make(missing)
        return {program.name: self._paths[program.name] for program in self._wanted if program.name in self._paths}

    def _wait(self) -> None:
        names = tuple(self._reporter.left)
        self._reporter.tell(names, Phase.WAITING, "another process is downloading or building")

    def _find(self) -> list[Program]:
        """Look for what is not found yet. Returns what is still missing."""
        missing = [program for program in self._wanted if program.name not in self._paths]
        for program in missing:
            if found := look(program.name):
                self._paths[program.name] = found.path
                self._reporter.tell((program.name,), Phase.FOUND, str(found.path))
        return [program for program in missing if program.name not in self._paths]

    def _make(self, missing: Iterable[Program]) -> None:
        rest = [lacking for program in missing if (lacking := self._release(program))]
        for lacking in rest:
            if lacking.program.source is None:
                self._reporter.tell((lacking.program.name,), Phase.STAND_IN, lacking.why)
        self._build([lacking for lacking in rest if lacking.program.source])

    def _release(self, program: Program) -> _Missing | None:
        """Take the vendor's release. Returns what is wrong with it where that fails."""
        self._cancel.check()
        path = cache.release_program(program.release)
        if not path.is_file():  # else it came with another program's archive
            if program.source is None and self._sites.lately_unreachable:
                return _Missing(program, "the release sites did not answer within the last hour")
            try:
                path = take(program, self._sites, self._reporter)
            except (NotPublishedError, UnreachableError) as error:
                return _Missing(program, str(error))
        self._paths[program.name] = path
        self._reporter.tell((program.name,), Phase.READY, str(path))
        return None

    def _build(self, lacking: Sequence[_Missing]) -> None:
        if lacking and not modules.go_found():
            raise PlatformError(_way_out(lacking))
        folders: dict[str, list[Program]] = {}
        for program in (item.program for item in lacking):
            if program.source:
                folders.setdefault(program.source.folder, []).append(program)
        for folder, programs in folders.items():
            self._paths |= build(folder, programs, self._reporter, self._cancel)
            self._reporter.tell(tuple(program.name for program in programs), Phase.READY, f"built from tools/{folder}")


def _way_out(lacking: Sequence[_Missing]) -> str:
    names = ", ".join(item.program.name for item in lacking)
    return (
        f"These programs are not on PATH, have no release here ({lacking[0].why}), and there is no Go to build them: "
        f"{names}. Any one of these helps: install Go {modules.go_needed()} or later; set {MIRROR} to a mirror of the "
        f"release sites; put the programs on PATH (`tenantry doctor` lists the versions)."
    )
