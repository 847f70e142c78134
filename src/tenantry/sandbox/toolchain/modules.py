"""The pinned Go modules under `tools/`: what a program builds from, with which flags, and under which key."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tenantry.sandbox.toolchain import cache
from tenantry.sandbox.toolchain.programs import PROGRAMS, Program, Source

FLAGS: Final = (
    "-trimpath",  # the same program from any clone, so clones share the compiler's cache
    "-pgo=off",  # a profile makes Go compile everything a second time for the program that has one
    "-buildvcs=false",  # this repository's revision says nothing about the program
    "-gcflags=all=-dwarf=false",  # no debugger is used on these; a fifth of the compiler's time
    # The storage SDK's own switch: without the second transport of one cloud, 130 packages fewer.
    "-tags=disable_grpc_modules,grpcnotrace",
)
"""Flags of every build. tools/README.md has what each saves."""
ENVIRONMENT: Final = {
    "CGO_ENABLED": "0",  # no C compiler needed, and the program runs on any Linux
    "GOFLAGS": "-mod=readonly",  # go.mod and go.sum say all; nothing is resolved anew
    "GOWORK": "off",
    "GOGC": "400",  # the compiler's processes are short: collect garbage less often
}


def tools_folder() -> Path:
    """The repository's `tools/`."""
    return Path(__file__).parents[4] / "tools"


def pinned_version(source: Source) -> str:
    """The version, without its v, that `go.mod` pins for the module of a program."""
    text = (tools_folder() / source.folder / "go.mod").read_text()
    modules: dict[str, str] = dict(re.findall(r"^(?:require)?\s+(\S+) v(\S+)", text, re.MULTILINE))
    owners = [module for module in modules if f"{source.package}/".startswith(f"{module}/")]
    return modules[max(owners, key=len)]


def go_needed() -> str:
    """The Go version that the modules ask for, as in `1.26.0`."""
    texts = [path.read_text() for path in sorted(tools_folder().glob("*/go.mod"))]
    return max((match[1] for text in texts if (match := re.search(r"^go (\S+)", text, re.MULTILINE))), default="")


def go_found() -> str:
    """The version of the Go on PATH, as in `1.26.8`. Empty: there is none."""
    if not shutil.which("go"):
        return ""
    done = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=False)
    return done.stdout.strip().removeprefix("go")


def link_flags(folder: str) -> str:
    """Flags of the linker: no symbol table, and the version that each program says it has."""
    sources = [source for program in PROGRAMS.values() if (source := program.source) and source.folder == folder]
    stamps = {f"-X {stamp}" for source in sources for stamp in _stamps(source)}
    return " ".join(["-s -w", *sorted(stamps)])


def _stamps(source: Source) -> list[str]:
    version = pinned_version(source)
    major, minor = version.split(".")[:2]
    return [stamp.format(version=version, major=major, minor=minor) for stamp in source.stamps]


def built_program(program: Program) -> Path:
    """Where the program is in the cache once it was built. Only for one that has a source."""
    source = program.source
    if source is None:
        raise ValueError(f"{program.name} builds from no module")
    return cache.built_folder(program.name, pinned_version(source), _key(source.folder)) / program.name


def _key(folder: str) -> str:
    """Changes with everything that the program is made from, so that no stale one is taken for it."""
    digest = hashlib.sha256(" ".join([*FLAGS, link_flags(folder)]).encode())
    for path in sorted((tools_folder() / folder).glob("*")):
        if path.suffix in {".mod", ".sum", ".go"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
