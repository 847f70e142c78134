"""Stand-ins for plugins of the engine, used only where the official ones cannot be had.

They are test doubles: no registry of packages has the official plugins, so a machine that reaches neither Pulumi's
releases nor a cache of plugins would have no engine run at all. An official plugin that the engine finds always wins.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

MODULES: Final[Mapping[str, str]] = {
    "pulumi-resource-kubernetes": "tenantry.sandbox.plugins.resource_kubernetes",
    "pulumi-language-python": "tenantry.sandbox.plugins.language_python",
}
"""The stand-ins: the program that the engine looks for, and the module that stands in for it."""
SDKS: Final[Mapping[str, str]] = {"pulumi-resource-kubernetes": "pulumi-kubernetes"}
"""The Python package that asks the engine for at least its own version of a plugin."""
MARK: Final = "# A stand-in of Tenantry's sandbox for the official plugin of this name."


def needed(path: str, home: Path | None = None) -> tuple[str, ...]:
    """The plugins for which the engine would find no official one.

    Args:
        path: The engine's `PATH`. Stand-ins on it do not count.
        home: The engine's own folder. None means `$PULUMI_HOME`, else `~/.pulumi`.
    """
    home = home or Path(os.environ.get("PULUMI_HOME") or "~/.pulumi").expanduser()
    return tuple(name for name in MODULES if not _official(name, path, home))


def install(folder: Path, names: Iterable[str] = tuple(MODULES)) -> Path:
    """Write the executables of these stand-ins, and remove those of all others: none shadows an official plugin.

    Returns:
        The folder, absolute: put it on `PATH` behind everything else.
    """
    folder = folder.resolve()
    for path in (folder.parent, folder):  # `mode` is the last folder's alone
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = set(names)
    for name, module in MODULES.items():
        if name in wanted:
            _write(folder / name, module)
        else:
            (folder / name).unlink(missing_ok=True)
    return folder


def sentence(names: Iterable[str]) -> str:
    """Which plugins are used, in one line."""
    stand_ins = [name for name in MODULES if name in set(names)]
    if not stand_ins:
        return "Plugins: the official ones."
    official = [name for name in MODULES if name not in stand_ins]
    also = f"; official: {', '.join(official)}" if official else ""
    return f"Plugins: Tenantry's stand-ins for {' and '.join(stand_ins)}, which are not on this machine{also}."


def _official(name: str, path: str, home: Path) -> bool:
    for folder in path.split(os.pathsep):
        found = shutil.which(name, path=folder) if folder else None
        if found and not _is_stand_in(Path(found)):
            return True
    return _beside_engine(name, path) or _in_cache(name, home)


def _beside_engine(name: str, path: str) -> bool:
    """Language hosts come in one folder with the engine, where it looks even if that is not on `PATH`."""
    engine = shutil.which("pulumi", path=path)
    return engine is not None and (Path(engine).resolve().parent / name).exists()


def _in_cache(name: str, home: Path) -> bool:
    """The engine's cache, `plugins/resource-kubernetes-v4.34.2/…`; it takes no version older than the SDK's."""
    import importlib.metadata  # noqa: PLC0415 - the plugins themselves, started with every run, need none of it

    versions = (found.parent.name.rpartition("-v")[2] for found in home.glob(f"plugins/{name[7:]}-v*/{name}"))
    sdk = SDKS.get(name)
    oldest = _version(importlib.metadata.version(sdk)) if sdk else (0,)
    return any(_version(version)[:1] == oldest[:1] and _version(version) >= oldest for version in versions)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def _is_stand_in(executable: Path) -> bool:
    with executable.open("rb") as file:
        return MARK.encode() in file.read(512)


def _write(executable: Path, module: str) -> None:
    # -P keeps the program's own folder, in which the engine starts us, out of the modules' search path.
    command = f'exec {shlex.quote(sys.executable)} -P -m {module} "$@"'
    temporary = executable.with_suffix(".new")
    temporary.write_text(f"#!/bin/sh\n{MARK}\n{command}\n")
    temporary.chmod(0o700)
    temporary.replace(executable)
