"""The sandbox's processes: started detached, found by the mark that each carries, stopped without mistake.

A process carries its mark in its environment, so what runs is read from the system and never from a file that may
be stale: a lost file, an interrupted start or a reused process id cannot make us miss a process or stop a stranger.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from tenantry.errors import PlatformError

MARK: Final = "TENANTRY_SANDBOX_PART"
"""Environment variable of every process of a sandbox: `<part> <digest> <folder>`."""
LOG_KEPT: Final = 10 << 20
"""Bytes of a log that a new start goes on with; a longer one is set aside, and the one before it dropped."""
_children: Final[set[subprocess.Popen[bytes]]] = set()
"""Those that live. Kept, so that a process that ends while we live leaves no zombie."""


@dataclass(frozen=True)
class Running:
    """A process of a sandbox."""

    part: str
    digest: str
    """Of all that the process was started with; see `parts.Part.digest`."""
    process: psutil.Process
    """Knows the time its process started, so that it never takes another one with the same id for it."""

    @property
    def uptime(self) -> float:
        """Seconds since the process started."""
        return max(0.0, time.time() - self.process.create_time())

    @property
    def alive(self) -> bool:
        """Whether the process still runs. One that has ended and that nobody has waited for does not."""
        try:
            return self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def running(folder: Path) -> list[Running]:
    """Every living process of the sandbox in a folder, oldest first."""
    _reap()
    found = [marked for process in psutil.process_iter() if (marked := _marked(process, folder))]
    return sorted(found, key=lambda one: one.process.create_time())


def start(part: str, digest: str, command: Sequence[str | Path], folder: Path, log: Path) -> Running:
    """Start a process in a session of its own, so that it outlives us and our terminal.

    Raises:
        PlatformError: the program cannot be run.
    """
    if log.exists() and log.stat().st_size > LOG_KEPT:
        log.replace(log.with_name(f"{log.name}.1"))
    # PATH and HOME are all that the programs read; nothing of the caller's credentials gets into them.
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment[MARK] = f"{part} {digest} {folder}"
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            cwd=folder,
            env=environment,
            start_new_session=True,
            umask=0o077,
        )
    except OSError as error:
        raise PlatformError(f"{command[0]} cannot be run: {error.strerror}. See `tenantry doctor`.") from error
    finally:
        os.close(handle)
    _children.add(child)
    return Running(part, digest, psutil.Process(child.pid))


def stop(processes: Iterable[Running], patience: float) -> None:
    """Ask each to end (SIGTERM), and end those that have not after `patience` seconds (SIGKILL)."""
    left = [one.process for one in processes]
    for process in left:
        _signal(process, kill=False)
    _, left = psutil.wait_procs(left, timeout=patience)
    for process in left:
        _signal(process, kill=True)
    psutil.wait_procs(left, timeout=patience)
    _reap()


def by_part(found: Iterable[Running]) -> dict[str, list[Running]]:
    """The processes of each part. More than one where a start was cut off in the middle."""
    parts: dict[str, list[Running]] = {}
    for one in found:
        parts.setdefault(one.part, []).append(one)
    return parts


def _reap() -> None:
    """Forget children that have ended: `Popen` takes for alive what it has not seen end, whoever waited for it."""
    for child in tuple(_children):
        if child.poll() is not None:
            _children.discard(child)


def _signal(process: psutil.Process, *, kill: bool) -> None:
    try:
        process.kill() if kill else process.terminate()
    except psutil.NoSuchProcess:
        return


def _marked(process: psutil.Process, folder: Path) -> Running | None:
    try:
        if process.uids().real != os.getuid() or MARK not in (environment := process.environ()):
            return None
        part, digest, where = environment[MARK].split(" ", 2)
        if where != str(folder) or process.status() == psutil.STATUS_ZOMBIE:
            return None
    except (psutil.Error, OSError, ValueError):
        return None
    return Running(part, digest, process)
