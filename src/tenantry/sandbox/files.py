"""Files of the sandbox's folder: ours alone to read, and whole or not there."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tenantry.errors import PlatformError

LOCK_WAIT: Final = 180.0
"""Seconds to wait for another command on the same sandbox; a cold start on a busy machine stays below."""


def private_folder(path: Path) -> Path:
    """Make the folder, or make an existing one ours alone (0700)."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def draft_of(path: Path) -> Path:
    """Where the new content of a file grows. A killed run may leave it there; the next one makes it anew."""
    return path.with_name(f".{path.name}.draft")


def lock_of(folder: Path) -> Path:
    """The lock of a sandbox's folder."""
    return folder / "lock"


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only we may read (0600). Readers see the old content or the new, never a part."""
    draft = draft_of(path)
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    draft.replace(path)


@contextmanager
def locked(folder: Path, wait: float = LOCK_WAIT) -> Iterator[None]:
    """Hold the lock of a sandbox's folder, which is made where missing.

    So two commands never start or stop the same parts at once. The kernel frees it when the process ends, however
    that ends.

    Raises:
        PlatformError: another command has held it for `wait` seconds.
    """
    path = lock_of(folder)
    until = time.monotonic() + wait
    while True:
        with _opened(path) as handle:
            if handle is not None and _take(handle) and _still_at(handle, path):
                yield
                return
        if time.monotonic() > until:
            raise PlatformError(f"Another command has worked on the sandbox in {folder} for {wait:.0f} s. Try again.")
        time.sleep(0.1)


@contextmanager
def _opened(path: Path) -> Iterator[int | None]:
    """The lock's file and its folder, made where missing. None where a purge took the folder in that very moment."""
    try:
        private_folder(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _still_at(handle: int, path: Path) -> bool:
    """Whether the file that we locked is the one at the path: `down --purge` removes it while others wait."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
