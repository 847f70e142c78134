"""What would be wrong with a changed model's file, found on a copy: nothing in the repository is touched."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tenantry import names
from tenantry.catalog import environments_of, load_tenant
from tenantry.errors import InputError, Problem
from tenantry.models.effective import EffectiveModel, read_model
from tenantry.tree import ENVIRONMENTS, TENANTS


def read_changed(root: Path, tenant: str, model: str, text: str) -> EffectiveModel:
    """The model that a text makes, read and checked as if it lay in its place.

    What is wrong with other files of the tenant is in nobody's way here, unless the text makes it so.

    Raises:
        InputError: the strict reader, the model or a rule refuses it.
    """
    path = names.model_file(tenant, model)
    _refuse_links(root, path)
    with tempfile.TemporaryDirectory(prefix="tenantry-") as folder:
        copy = Path(folder)
        shutil.copytree(root / ENVIRONMENTS, copy / ENVIRONMENTS, symlinks=True)
        shutil.copytree(root / TENANTS / tenant, copy / TENANTS / tenant, symlinks=True, ignore=_odd)
        before = _problems(copy, tenant)
        file = copy / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
        found = read_model(copy, file)
        if wrong := {problem for problem in _problems(copy, tenant) if problem.path == path or problem not in before}:
            raise InputError(wrong)
    return found


def _refuse_links(root: Path, path: str) -> None:
    """Each folder down to the file is the folder itself: what is written through a link lands somewhere else."""
    for part in (*reversed(Path(path).parents), Path(path)):
        if (root / part).is_symlink():
            raise InputError([Problem(part.as_posix(), 1, 1, "", "is a symbolic link", "Put the file itself here")])


def _odd(folder: str, entries: Iterable[str]) -> list[str]:
    """What is no file, folder or link: opening a pipe would wait for ever."""
    modes = {name: stat.S_IFMT((Path(folder) / name).lstat().st_mode) for name in entries}
    return [name for name, mode in modes.items() if mode not in {stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK}]


def _problems(root: Path, tenant: str) -> set[Problem]:
    """Everything that is wrong with a tenant, in all environments that it lives in."""
    found: set[Problem] = set()
    try:
        for environment in environments_of(root, tenant):
            try:
                load_tenant(root, tenant, environment)
            except InputError as error:
                found.update(error.problems)
    except InputError as error:
        found.update(error.problems)
    return found
