"""Every case: what is wrong is said word for word, and what is right becomes exactly this."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tenantry.catalog import EffectiveTenant, load_catalog
from tenantry.errors import InputError
from tests.unit.projects import CASES, project

INVALID = sorted(path for path in (CASES / "invalid").iterdir() if path.is_dir())
VALID = sorted(path for path in (CASES / "valid").iterdir() if path.is_dir())

ROWS = {*range(27, 48), 51, 59}
"""Rows of the list of bad inputs that are about files. The others are about runs of the engine."""


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.name)
def test_invalid(case: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_catalog(project(tmp_path / "project", case))
    assert [str(problem) for problem in caught.value.problems] == (case / "expect.txt").read_text().splitlines()


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_valid(case: Path, tmp_path: Path) -> None:
    catalog = load_catalog(project(tmp_path / "project", case))
    found = {
        f"{tenant}.{environment}": _document(catalog.effective(tenant, environment))
        for tenant, entry in catalog.tenants.items()
        for environment in entry.environments
    }
    assert found == json.loads((case / "expect.json").read_text())
    assert catalog.stacks() == tuple(sorted(found))


def _document(tenant: EffectiveTenant) -> dict[str, Any]:
    """The tenant, and its models where it has some, less what their files leave out."""
    models = {model.spec.id: model.spec.model_dump(mode="json", exclude_none=True) for model in tenant.models}
    return tenant.spec.model_dump(mode="json") | ({"models": models} if models else {})


def test_every_row_has_a_case() -> None:
    assert {int(case.name[1:3]) for case in INVALID if case.name[0] == "f" and case.name[1:3].isdigit()} >= ROWS


def test_every_case_is_looked_at() -> None:
    assert {path.parent for path in (CASES / "invalid").rglob("expect.txt")} == set(INVALID)
    assert {path.parent for path in (CASES / "valid").rglob("expect.json")} == set(VALID)
