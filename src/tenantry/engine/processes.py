"""The engine's processes of one run, told to stop together."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType


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
            process = self._start(command, folder, variables, errors.fileno())
            assert process.stdout is not None  # noqa: S101 - for mypy: it is a pipe
            with process.stdout:
                for line in process.stdout:
                    on_line(line)
            status = self._reap(process)
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
        # Plugins of an engine that was killed live on and might still write. While one does, the number of their group
        # is given to nobody else.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        return status
