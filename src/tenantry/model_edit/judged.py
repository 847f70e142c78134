"""What would be wrong with a changed model's file, found on a copy: nothing in the repository is touched."""

from __future__ import annotations

import shutil
import tempfile
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
    with tempfile.TemporaryDirectory(prefix="tenantry-") as folder:
        copy = Path(folder)
        shutil.copytree(root / ENVIRONMENTS, copy / ENVIRONMENTS, symlinks=True)
        shutil.copytree(root / TENANTS / tenant, copy / TENANTS / tenant, symlinks=True)
        before = _problems(copy, tenant)
        file = copy / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
        found = read_model(copy, file)
        if wrong := {problem for problem in _problems(copy, tenant) if problem.path == path or problem not in before}:
            raise InputError(wrong)
    return found


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
