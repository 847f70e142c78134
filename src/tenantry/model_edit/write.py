"""Putting a new text in a file's place: all of it or nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from tenantry.errors import InputError, Problem

MODE: Final = 0o644
"""Permissions of a new file: data, which is never run."""
UNFINISHED: Final = ".tenantry"
"""Folder of what is not yet in its place. Beside the file it would be a stray one, once a kill has left it."""


def write(root: Path, path: str, before: bytes | None, after: bytes) -> None:
    """Put the new content in the file's place, in one step that no interruption can cut in two.

    Args:
        root: the repository.
        path: the file, relative to it.
        before: what the file held when the change was made of it; None where there was none.
        after: what it shall hold.

    Raises:
        InputError: somebody changed the file meanwhile. It stays as it is.
    """
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    (root / UNFINISHED).mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=root / UNFINISHED, prefix=f"{file.name}.")
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(after)
            new.flush()
            os.fsync(new.fileno())
        Path(name).chmod(MODE if before is None else file.stat().st_mode & 0o777)
        if (file.read_bytes() if file.exists() else None) != before:
            what, fix = "was changed meanwhile, and stays as it is", "Run the command again"
            raise InputError([Problem(path, 1, 1, "", what, fix)])
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)
