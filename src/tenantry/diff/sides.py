"""The two sides of a comparison: a folder that holds their data and nothing else, and the code that renders it.

A folder without a `Pulumi.yaml` has no program of its own, so nothing that lies in it is ever run.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from tenantry import git
from tenantry.diff.snapshot import Answer, Request, Selection, Snapshot, snapshots
from tenantry.errors import InputError, PlatformError, Problem

TENANTS, ENVIRONMENTS = "tenants", "infra/environments"

CODE = ("Pulumi.yaml", "components", "infra", "src/tenantry")
"""What renders: the program, and the model that it reads."""

_CHILD = "tenantry.diff.snapshot"
_WAY_OUT = "With --code worktree the running code renders both sides."


@dataclass(frozen=True)
class Side:
    """One side: which stacks of which data."""

    data: Path
    """Folder with `tenants/` and `infra/environments/`."""
    selection: Selection
    prefix: str = ""
    """Stands in front of the paths in problems: `main:` for what git holds, nothing for the work tree."""

    def snapshots(self, code: Path | None = None) -> tuple[Snapshot, ...]:
        """Render it with the code below a folder, in a process of its own; without one, with the code of this process.

        Raises:
            InputError: a file of this side is not valid.
            PlatformError: that code cannot render.
        """
        try:
            return _elsewhere(code, self) if code else snapshots(self.data, self.selection)
        except InputError as error:
            raise InputError(
                replace(problem, path=f"{self.prefix}{problem.path}") for problem in error.problems
            ) from error


def committed(into: Path, root: Path, revision: str, commit: str, selection: Selection) -> Side:
    """The side that a commit holds.

    Raises:
        InputError: one of the files is a link or a submodule.
    """
    into.mkdir()
    git.materialise(root, revision, commit, _paths(selection), into)
    return Side(into, selection, f"{revision}:")


def working(into: Path, root: Path, selection: Selection) -> Side:
    """The side that the work tree holds."""
    into.mkdir()
    for path in _paths(selection):
        if (root / path).is_dir():
            # Links stay links, so that reading them is refused as it is everywhere.
            shutil.copytree(root / path, into / path, symlinks=True, ignore=_odd)
    return Side(into, selection)


def code_of(into: Path, root: Path, revision: str, commit: str) -> Path:
    """The code that a commit holds, written below a folder."""
    into.mkdir()
    git.materialise(root, revision, commit, CODE, into)
    missing = [path for path in (*CODE, f"src/{_CHILD.replace('.', '/')}.py") if not (into / path).exists()]
    if missing:
        # Python would take the installed one instead, and the comparison would be of something else.
        raise PlatformError(f"{revision} has no {missing[0]}, so its own code cannot render. {_WAY_OUT}")
    return into


def _paths(selection: Selection) -> list[str]:
    # Whoever lives in an environment is known only once every tenant is read.
    whole = selection.everything or selection.environments
    return [ENVIRONMENTS, *([TENANTS] if whole else (f"{TENANTS}/{tenant}" for tenant in selection.tenants))]


def _odd(folder: str, names: Iterable[str]) -> list[str]:
    """What is no file, folder or link: opening a pipe would wait for ever."""
    modes = {name: (Path(folder) / name).lstat().st_mode for name in names}
    return [name for name, mode in modes.items() if stat.S_IFMT(mode) not in {stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK}]


def _elsewhere(code: Path, side: Side) -> tuple[Snapshot, ...]:
    answer = code / f"{side.data.name}.json"
    request = TypeAdapter(Request).dump_json(Request(str(side.data), side.selection, str(answer)))
    # PYTHONPATH stands before the installed packages; -P keeps the working directory from standing before both.
    environment = {**os.environ, "PYTHONPATH": f"{code / 'src'}{os.pathsep}{code}"}
    command = [sys.executable, "-P", "-c", f"from {_CHILD} import main; main()"]
    done = subprocess.run(command, input=request, cwd=code, env=environment, capture_output=True, check=False)
    if done.returncode or not answer.is_file():
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"status {done.returncode}"]
        raise PlatformError(f"the revision's own code cannot render: {lines[-1]}. {_WAY_OUT}")
    found = TypeAdapter(Answer).validate_json(answer.read_bytes())
    if found.problems:
        raise InputError(Problem(**vars(problem)) for problem in found.problems)
    return found.snapshots
