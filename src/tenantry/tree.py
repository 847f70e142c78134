"""What lies in `tenants/` and `infra/environments/`: everything is known, and nothing is skipped in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tenantry.errors import Problem
from tenantry.formats import label_problem
from tenantry.names import environment_file, tenant_file
from tenantry.source_file import relative

README = "README.md"
TENANTS = Path(tenant_file("*")).parts[0]
ENVIRONMENTS = Path(environment_file("*")).parent.as_posix()
FILE = Path(tenant_file("*")).name
SCHEMA = "tenant.schema.json"
MODEL_SCHEMA = "model.schema.json"
MODELS = "models"
YAML = ".yaml"


@dataclass(frozen=True)
class Tree:
    """The files of a project's data."""

    tenants: list[str] = field(default_factory=list)
    """Ids of the folders with a tenant's file, sorted."""
    environments: list[str] = field(default_factory=list)
    """Ids of the environments' files, sorted."""
    models: list[Path] = field(default_factory=list)
    """Models' files, sorted."""
    problems: list[Problem] = field(default_factory=list)
    """What lies where it does not belong, and what is missing."""


def scan(root: Path) -> Tree:
    """Everything in the two folders. Reads no file."""
    tree = Tree()
    belongs = f"{SCHEMA}, {MODEL_SCHEMA}, {README} and a folder for each tenant belong"
    for entry in _entries(root / TENANTS, root, tree):
        if entry.is_dir() and _is_label(entry, entry.name, root, tree):
            _tenant(Path(entry.path), root, tree)
        elif not entry.is_dir() and entry.name not in {SCHEMA, MODEL_SCHEMA, README}:
            _stray(entry, belongs, root, tree)
    tree.environments.extend(path.stem for path in _yaml_files(root / ENVIRONMENTS, "environment", root, tree))
    if not tree.environments:
        tree.problems.append(Problem(ENVIRONMENTS, 1, 1, "", "has no environment", "Add one, as in sandbox.yaml"))
    return tree


def models_of(root: Path, tenant: str) -> Tree:
    """The models' files of one tenant alone. Reads no file."""
    tree = Tree()
    folder = root / TENANTS / tenant / MODELS
    if folder.is_symlink() or folder.exists():
        tree.models.extend(_yaml_files(folder, "model", root, tree))
    return tree


def _tenant(folder: Path, root: Path, tree: Tree) -> None:
    found = False
    for entry in _entries(folder, root, tree):
        if entry.name == MODELS and entry.is_dir():
            tree.models.extend(_yaml_files(Path(entry.path), "model", root, tree))
        elif entry.name == FILE and not entry.is_dir():
            found = True
        elif entry.name != README or entry.is_dir():
            _stray(entry, f"{FILE}, {README} and the folder {MODELS} belong", root, tree)
    if found:
        tree.tenants.append(folder.name)
    else:
        what, fix = "is missing", f"Add it (tenantry add {folder.name}), or remove the folder"
        tree.problems.append(Problem(relative(folder / FILE, root), 1, 1, "", what, fix))


def _yaml_files(folder: Path, kind: str, root: Path, tree: Tree) -> Iterator[Path]:
    for entry in _entries(folder, root, tree):
        stem, suffix = os.path.splitext(entry.name)  # noqa: PTH122  # a name, not a path
        if entry.is_dir() or (suffix != YAML and entry.name != README):
            _stray(entry, f"{README} and one {YAML} file for each {kind} belong", root, tree)
        elif suffix == YAML and _is_label(entry, stem, root, tree):
            yield Path(entry.path)


def _entries(folder: Path, root: Path, tree: Tree) -> list[os.DirEntry[str]]:
    """Entries of a folder by name, without links, which are a problem wherever they are."""
    if folder.is_symlink() or not folder.is_dir():
        what, fix = "is not a folder", "Run tenantry at the project's root, where this folder is"
        tree.problems.append(Problem(relative(folder, root), 1, 1, "", what, fix))
        return []
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_symlink():
            name = relative(Path(entry.path), root)
            tree.problems.append(Problem(name, 1, 1, "", "is a symbolic link", "Put the file itself here"))
    return [entry for entry in entries if not entry.is_symlink()]


def _stray(entry: os.DirEntry[str], belongs: str, root: Path, tree: Tree) -> None:
    kind = "folder" if entry.is_dir() else "file"
    what, fix = f"is a {kind} that does not belong here", f"Only {belongs}: rename it, or move it out"
    tree.problems.append(Problem(relative(Path(entry.path), root), 1, 1, "", what, fix))


def _is_label(entry: os.DirEntry[str], name: str, root: Path, tree: Tree) -> bool:
    if wrong := label_problem(name):
        what, fix = wrong
        tree.problems.append(Problem(relative(Path(entry.path), root), 1, 1, "", f"has a wrong name: {what}", fix))
    return wrong is None
