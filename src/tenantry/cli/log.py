"""What is written down about an unexpected error, so that somebody can find its cause."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tenantry.cli.project import nearest_root

FOLDER = ".tenantry/logs"
"""Where logs lie, relative to the root."""


def write_log(error: Exception) -> Path:
    """Write down an error with its traceback, the versions and the command line; the file it is in.

    It lies in the repository, or in a temporary folder where there is none or it cannot be written.
    """
    now = datetime.now(UTC)
    lines = (
        f"time: {now.isoformat(timespec='seconds')}",
        f"tenantry: {version('tenantry')}",
        f"python: {platform.python_version()} on {platform.platform()}",
        f"command: {sys.argv}",
        f"folder: {Path.cwd()}",
        "",
        "".join(traceback.format_exception(error)),
    )
    name = f"error-{now:%Y%m%dT%H%M%S}-{os.getpid()}.log"
    root = nearest_root(Path.cwd())
    try:
        return _write((root / FOLDER if root else _temporary()) / name, "\n".join(lines))
    except OSError:
        # A full or read-only disk must not hide the error itself.
        return _write(_temporary() / name, "\n".join(lines))


def _temporary() -> Path:
    return Path(tempfile.mkdtemp(prefix="tenantry-"))


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
    return file
