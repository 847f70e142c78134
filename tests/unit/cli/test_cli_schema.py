"""`tenantry schema`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.cli.schema import FILES
from tests.unit.cli.calling import REPOSITORY, Call

EACH = pytest.mark.parametrize("file", FILES.values())


@pytest.mark.parametrize(
    ("words", "file"), [((), FILES["tenant"]), (("tenant",), FILES["tenant"]), (("model",), FILES["model"])]
)
def test_prints_what_the_repository_has(call: Call, project: Path, words: tuple[str, ...], file: str) -> None:
    said = call("schema", *words)
    assert said.code == 0
    assert said.out == (REPOSITORY / file).read_text()


@EACH
def test_check_tells_fresh_from_stale(call: Call, project: Path, file: str) -> None:
    assert call("schema", "--check").code == 0
    (project / file).write_text("{}")
    said = call("schema", "--check")
    assert said.code == 1
    assert said.err.count("is not what the models say") == 1
    assert f"{file}:1:1" in said.err
    assert "tenantry schema --write" in said.err


@EACH
def test_write_makes_it_fresh(call: Call, project: Path, file: str) -> None:
    (project / file).unlink()
    said = call("schema", "--write")
    assert said.code == 0
    assert said.err.count("Wrote") == 1
    assert (project / file).read_bytes() == (REPOSITORY / file).read_bytes()
    assert call("schema", "--check").code == 0


def test_write_and_check_exclude_each_other(call: Call, project: Path) -> None:
    assert call("schema", "--write", "--check").code == 2


def test_no_other_kind(call: Call, project: Path) -> None:
    assert call("schema", "environment").code == 2
