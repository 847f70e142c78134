"""The engine's processes of one run, told to stop together."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

import psutil

MARK: Final = "TENANTRY_ENGINE"
"""Environment variable of an engine and of all that it starts, which may outlive it: one value a run."""


class Engines:
    """Starts engines and forwards the first SIGINT or SIGTERM to each of them, once.

    An engine that gets one signal starts no new step, waits for those under way and releases its lock; at a second
    one it drops everything and may orphan resources. So each engine has a process group of its own, which keeps the
    terminal's Ctrl-C from it, and only ever hears the one signal that we pass on.
    """

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self.interrupted = False
        """A signal came. Nothing new starts any more."""

    def run(
        self, command: Sequence[str], *, folder: Path, variables: Mapping[str, str], on_line: Callable[[str], None]
    ) -> tuple[int, str]:
        """Run one engine to its end, its standard output line by line. Its exit status and its standard error."""
        with tempfile.TemporaryFile("w+") as errors:
            mark = uuid.uuid4().hex
            process = self._start(command, folder, {**variables, MARK: mark}, errors.fileno())
            assert process.stdout is not None  # noqa: S101 - for mypy: it is a pipe
            with process.stdout:
                for line in process.stdout:
                    on_line(line)
            status = self._reap(process)
            if status < 0:
                _end_orphans(mark)
            errors.seek(0)
            return status, errors.read()

    def interrupt(self) -> None:
        """Tell every engine, also those about to start, to stop at the next safe point. Later calls do nothing."""
        with self._lock:
            if self.interrupted:
                return
            self.interrupted = True
            for process in self._running:
                process.send_signal(signal.SIGINT)

    @contextmanager
    def signals(self, on_signal: Callable[[], None]) -> Iterator[None]:
        """While inside, SIGINT and SIGTERM stop the engines. Python hears signals in its main thread only."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop() -> None:
            self.interrupt()
            on_signal()

        def handle(_number: int, _frame: FrameType | None) -> None:
            # In a thread of its own, because the one that the signal came into may hold our lock.
            threading.Thread(target=stop).start()

        before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _start(
        self, command: Sequence[str], folder: Path, variables: Mapping[str, str], errors: int
    ) -> subprocess.Popen[str]:
        with self._lock:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                process_group=0,
            )
            self._running.add(process)
            if self.interrupted:
                process.send_signal(signal.SIGINT)
            return process

    def _reap(self, process: subprocess.Popen[str]) -> int:
        status = process.wait()
        with self._lock:
            self._running.discard(process)
        return status


def _end_orphans(mark: str) -> None:
    """End the plugins of an engine that was killed. They live on, each in a group of its own, and might still write."""
    orphans = [process for process in psutil.process_iter() if _marked(process, mark)]
    for orphan in orphans:
        with suppress(psutil.NoSuchProcess):
            orphan.kill()
    # Killed, they end at once; where nobody waits for orphans, they stay as zombies.
    psutil.wait_procs(orphans, timeout=10)


def _marked(process: psutil.Process, mark: str) -> bool:
    try:
        return process.uids().real == os.getuid() and process.environ().get(MARK) == mark
    except (psutil.Error, OSError):
        return False
