"""Which Python runs a project's program, as the official language host chooses it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tenantry.errors import PlatformError


def python(root: Path, program: Path, options: Mapping[str, Any]) -> str:
    """The interpreter for a program.

    Args:
        root: Folder of `Pulumi.yaml`; a relative `virtualenv` starts there.
        program: Folder of the program.
        options: `runtime.options` of `Pulumi.yaml`: `virtualenv` and `toolchain` (`pip` or `uv`).

    Raises:
        PlatformError: the environment is not there, or the project wants a toolchain that the stand-in lacks.
    """
    toolchain = options.get("toolchain") or "pip"
    if toolchain not in {"pip", "uv"}:
        raise PlatformError(
            f'Pulumi.yaml: runtime.options.toolchain: the stand-in knows "pip" and "uv", not "{toolchain}".'
        )
    if named := options.get("virtualenv"):
        return _interpreter(root / named)
    if toolchain == "uv":
        return _interpreter(_nearest(program, "uv.lock", "pyproject.toml") / ".venv")
    return shutil.which("python3") or shutil.which("python") or sys.executable


def _interpreter(environment: Path) -> str:
    found = environment / "bin" / "python"
    if not found.exists():
        raise PlatformError(
            f"{environment}: the project's Python environment is not there. Make it: `make setup`, or `uv sync`."
        )
    return str(found)


def _nearest(folder: Path, *names: str) -> Path:
    """The nearest folder upward that holds one of the files; the folder itself where none does."""
    for place in (folder, *folder.parents):
        if any((place / name).exists() for name in names):
            return place
    return folder
