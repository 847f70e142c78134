"""Where programs are kept once they were downloaded or built: one folder of the user, shared by every clone.

    <cache>/<os>-<arch>/release/<package>-<version>/…          what a vendor published, unpacked
    <cache>/<os>-<arch>/built/<program>-<version>-<key>/…      what was built; the key covers pins, flags and Go
    <cache>/downloads/<sha256>.part                            a download that was interrupted, to be continued
    <cache>/logs/<folder>.log                                  what `go build` said last
    <cache>/lock                                               held while something is downloaded or built
    <cache>/unreachable                                        when release sites last did not answer, and which

A folder below release/ or built/ is renamed into place when it is whole, so whatever is there may be used.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tenantry.sandbox.toolchain.cancelling import Cancel
from tenantry.sandbox.toolchain.programs import Release, architecture, fill, operating_system

LOCK_POLL: Final = 0.3
"""Seconds between two looks at a lock that another process holds."""


def root() -> Path:
    """The cache: $TENANTRY_CACHE, else $XDG_CACHE_HOME/tenantry, else ~/.cache/tenantry."""
    if own := os.environ.get("TENANTRY_CACHE"):
        return Path(own).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "tenantry"


def _platform() -> Path:
    return root() / f"{operating_system()}-{architecture()}"


def release_folder(release: Release) -> Path:
    """Where the unpacked file of a release is, or will be."""
    return _platform() / "release" / f"{release.package}-{release.version}"


def release_program(release: Release) -> Path:
    """Where the program itself is inside that folder."""
    return release_folder(release) / fill(release.member, release.version)


def built_folder(program: str, version: str, key: str) -> Path:
    """Where a program built from modules is, or will be."""
    return _platform() / "built" / f"{program}-{version}-{key}"


def staging_folder(name: str) -> Path:
    """A place for what is not whole yet. On the cache's own file system, so that a rename is all it takes."""
    folder = _platform() / "staging" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def download_part(sha256: str) -> Path:
    """The file that a download grows in. Named by the sum it must have, so what is there may be continued."""
    folder = root() / "downloads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{sha256}.part"


def unreachable_mark() -> Path:
    """A file whose age says when release sites last did not answer; it holds their mirror, if one was set."""
    root().mkdir(parents=True, exist_ok=True)
    return root() / "unreachable"


def log_file(folder: str) -> Path:
    """What the build of one module folder says."""
    logs = root() / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return logs / f"{folder}.log"


def install(draft: Path, folder: Path) -> None:
    """Put a whole folder in its place at once. One that is there already is as good, and stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(draft)


@contextmanager
def lock(cancel: Cancel, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the cache for changes; `waiting` is called again and again while another process holds it.

    The kernel frees it when the process ends, however it ends. It is one lock on purpose: two builds at once on
    one machine only slow each other down.
    """
    root().mkdir(parents=True, exist_ok=True)
    handle = os.open(root() / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        while not _take(handle):
            waiting()
            cancel.wait(LOCK_POLL)
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
