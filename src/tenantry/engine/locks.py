"""Who is running on a stack: our own lock, and the engine's lock files of a local backend.

The engine lists lock files and then writes its own, so two that start at the same moment can both give up. Our lock is
the kernel's: exactly one holds it, and it goes away with the process that held it.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tenantry.errors import PlatformError

if TYPE_CHECKING:
    from tenantry.engine.workspace import Workspace

FOLDER: Final = ".tenantry/locks"


class BusyError(PlatformError):
    """Somebody else runs on the stack. Nothing was touched."""


@dataclass(frozen=True)
class Lock:
    """One lock file of the engine."""

    file: Path
    pid: int
    user: str
    host: str
    since: str


@contextmanager
def hold(workspace: Workspace, stack: str) -> Iterator[None]:
    """Be the only run of Tenantry on the stack, in this working tree; then clear away what dead engines left.

    Raises:
        BusyError: another run holds it, or a live engine does.
        PlatformError: a lock file is damaged.
    """
    file = workspace.root / FOLDER / stack
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise BusyError(_busy(stack, held.read().strip() or "another run")) from error
        held.truncate(0)
        held.write(f"{_user()}@{socket.gethostname()} (pid {os.getpid()})")
        held.flush()
        break_dead(workspace, stack)
        drop_cut_sidecars(workspace, stack)
        yield


def break_dead(workspace: Workspace, stack: str) -> None:
    """Remove the engine's locks of processes on this machine that are no more; refuse where one lives.

    Only a local backend is looked at: on any other one, the engine itself says who holds the lock.
    """
    if workspace.backend.folder is None:
        return
    folder = workspace.backend.folder / ".pulumi/locks/organization" / workspace.project / stack
    for file in sorted(folder.glob("*.json")):
        lock = _read(file, stack)
        if lock is None:
            continue
        if lock.host != socket.gethostname() or _engine_lives(lock.pid):
            raise BusyError(_busy(stack, f"{lock.user}@{lock.host} (pid {lock.pid}) since {lock.since}"))
        file.unlink(missing_ok=True)


def drop_cut_sidecars(workspace: Workspace, stack: str) -> None:
    """Remove what a killed engine was writing beside a stack's checkpoint, where it is cut off.

    A file's digest and type lie beside it (`.attrs`), are written over in place, and serve nobody; but where they
    cannot be read, the engine takes the checkpoint itself for unreadable ("EOF"). Without them, it reads it.
    """
    if workspace.backend.folder is None:
        return
    folder = workspace.backend.folder / ".pulumi/stacks" / workspace.project
    for sidecar in folder.glob(f"{stack}.json*.attrs"):
        with suppress(FileNotFoundError):
            try:
                json.loads(sidecar.read_bytes())
            except ValueError:
                sidecar.unlink()


def _read(file: Path, stack: str) -> Lock | None:
    try:
        content = json.loads(file.read_text())
        return Lock(file, int(content["pid"]), content["username"], content["hostname"], content["timestamp"])
    except FileNotFoundError:
        return None  # Its engine ended this very moment.
    except (ValueError, KeyError, TypeError) as error:
        raise PlatformError(
            f"{stack}: its lock {file} is damaged ({file.stat().st_size} bytes), so nobody can tell whose it is. "
            f"Nothing was changed. Make sure that no run of {stack} is going on, then remove it: rm {file}"
        ) from error


def _engine_lives(pid: int) -> bool:
    """Whether the process is there and is an engine: numbers of dead processes are given to new ones."""
    asked = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "pulumi" in asked.stdout


def _busy(stack: str, who: str) -> str:
    return f"{stack} is busy: {who} is running on it. Nothing was changed. Wait for that run, then run again."


def _user() -> str:
    return os.environ.get("USER") or str(os.getuid())
