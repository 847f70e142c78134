"""Builds programs from the pinned Go modules: one `go build` a folder, so that shared packages compile once."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain import cache, modules
from tenantry.sandbox.toolchain.cancelling import Cancel
from tenantry.sandbox.toolchain.events import Phase, Reporter
from tenantry.sandbox.toolchain.programs import Program

POLL: Final = 0.5
"""Seconds between two looks at what Go says."""
NICE: Final = 10
"""Whoever waits for the build does other things meanwhile, and those come first."""
STOP_WAIT: Final = 10.0
"""Seconds for Go to end after an interrupt before it is killed."""


def build(folder: str, programs: Sequence[Program], reporter: Reporter, cancel: Cancel) -> dict[str, Path]:
    """Build programs that share a module folder, and put them into the cache.

    What was compiled stays in Go's own cache, so an interrupted build goes on where it stopped.

    Raises:
        PlatformError: Go failed; the message ends with what it said.
        CancelledError: someone asked to stop.
    """
    go = _Go(folder, cancel)
    names = tuple(program.name for program in programs)
    packages = [program.source.package for program in programs if program.source]

    def fetched(done: int) -> None:
        reporter.tell(names, Phase.FETCHING, f"tools/{folder}", done=done)

    def compiled(done: int) -> None:
        reporter.tell(names, Phase.BUILDING, f"tools/{folder}", done=done, total=total)

    fetched(0)
    total = go.count(packages, fetched)
    compiled(0)
    # A folder of this process: the Go of one that was killed may live on for a while, and writes to its own.
    staging = cache.staging_folder(f"{folder}-{os.getpid()}")
    go.build(packages, staging, compiled)
    return {program.name: _keep(program, staging) for program in programs}


def _keep(program: Program, staging: Path) -> Path:
    """Move one built program to its place in the cache."""
    place = modules.built_program(program)
    draft = staging / f"{program.name}.folder"
    draft.mkdir()
    binary = program.source.binary if program.source else program.name
    (staging / binary).rename(draft / program.name)
    cache.install(draft, place.parent)
    return place


class _Go:
    """Runs Go on one module folder, and counts the lines that it says."""

    def __init__(self, folder: str, cancel: Cancel) -> None:
        self._folder = folder
        self._cancel = cancel
        self._log = cache.log_file(folder)

    def count(self, packages: Sequence[str], fetched: Callable[[int], None]) -> int:
        """Fetch what is missing of the source, and count the packages that are not compiled yet."""
        stale = "{{if and .Stale (ne .StaleReason `not installed but available in build cache`)}}{{.ImportPath}}{{end}}"
        listing = self._log.with_suffix(".packages")
        self._run(["list", "-deps", "-f", stale, *self._flags(), *packages], listing, fetched)
        return len([line for line in listing.read_text().splitlines() if line])

    def build(self, packages: Sequence[str], target: Path, compiled: Callable[[int], None]) -> None:
        """Compile and link."""
        self._run(["build", "-v", "-o", f"{target}/", *self._flags(), *packages], Path(os.devnull), compiled)

    def _flags(self) -> list[str]:
        return [*modules.FLAGS, f"-ldflags={modules.link_flags(self._folder)}"]

    def _run(self, arguments: Sequence[str], output: Path, told: Callable[[int], None]) -> None:
        with self._log.open("w") as log, output.open("w") as out:
            process = subprocess.Popen(
                ["go", *arguments],
                cwd=modules.tools_folder() / self._folder,
                env=os.environ | modules.ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                process_group=0,  # so that a stop reaches the compilers too
            )
            os.setpriority(os.PRIO_PGRP, process.pid, NICE)
            try:
                self._watch(process, told)
            finally:
                _stop(process)
        if process.returncode:
            said = "\n".join(self._log.read_text().splitlines()[-15:])
            raise PlatformError(
                f"go {arguments[0]} failed in tools/{self._folder}. It needs Go {modules.go_needed()} or later and a "
                f"module proxy that answers. All that it said is in {self._log}; the end of it:\n{said}"
            )

    def _watch(self, process: subprocess.Popen[bytes], told: Callable[[int], None]) -> None:
        while True:
            try:
                process.wait(POLL)
            except subprocess.TimeoutExpired:
                self._cancel.check()
                told(len(self._log.read_text().splitlines()))
            else:
                return


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End Go and all that it started, unless it has ended by itself."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_WAIT)
    with suppress(ProcessLookupError):  # whoever did not heed the interrupt
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
