"""`tenantry schema`."""

from __future__ import annotations

from pathlib import Path

from tenantry.cli.schema import FILE
from tests.unit.cli.calling import REPOSITORY, Call


def test_prints_what_the_repository_has(call: Call, project: Path) -> None:
    said = call("schema")
    assert said.code == 0
    assert said.out == (REPOSITORY / FILE).read_text()


def test_check_tells_fresh_from_stale(call: Call, project: Path) -> None:
    assert call("schema", "--check").code == 0
    (project / FILE).write_text("{}")
    said = call("schema", "--check")
    assert said.code == 1
    assert "tenantry schema --write" in said.err


def test_write_makes_it_fresh(call: Call, project: Path) -> None:
    (project / FILE).unlink()
    assert call("schema", "--write").code == 0
    assert (project / FILE).read_bytes() == (REPOSITORY / FILE).read_bytes()
    assert call("schema", "--check").code == 0


def test_write_and_check_exclude_each_other(call: Call, project: Path) -> None:
    assert call("schema", "--write", "--check").code == 2
