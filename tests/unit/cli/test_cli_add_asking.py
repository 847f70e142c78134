"""`tenantry add` on a terminal, where it asks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tenantry.catalog import load_catalog

PATIENCE = 60
"""Seconds for one answer of a program on a busy machine."""


@pytest.fixture
def terminal(project: Path) -> Iterator[pexpect.spawn[str]]:
    """The program, just started on a pseudo-terminal."""
    child: pexpect.spawn[str] = pexpect.spawn(
        sys.executable,
        ["-m", "tenantry", "add"],
        cwd=str(project),
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(50, 120),
    )
    yield child
    child.close(force=True)


def answer(terminal: pexpect.spawn[str], *pairs: tuple[str, str]) -> None:
    for question, words in pairs:
        terminal.expect_exact(question)
        terminal.sendline(words)


def end(terminal: pexpect.spawn[str]) -> tuple[str, int | None]:
    terminal.expect(pexpect.EOF)
    terminal.wait()
    return str(terminal.before), terminal.exitstatus


COMMON = (
    ("Id", "robotics"),
    ("Team's name", "Robotics"),
    ("Address", "robotics@example.com"),
    ("Rota", "robotics-primary"),
    ("Cost centre", "CC-4711"),
)


def test_asks_for_everything_and_writes_after_a_yes(terminal: pexpect.spawn[str], project: Path) -> None:
    answer(terminal, *COMMON, ("Tier", ""), ("admins", "ml-robotics, ml-robotics-leads"), ("developers", ""))
    answer(terminal, ("look", "ml-all"), ("Write tenants/robotics/tenant.yaml?", "y"))
    said, code = end(terminal)
    assert code == 0
    assert "Wrote tenants/robotics/tenant.yaml" in said
    spec = load_catalog(project).effective("robotics", "sandbox").spec
    assert spec.access.admins == ("ml-robotics", "ml-robotics-leads")
    assert spec.access.viewers == ("ml-all",)
    assert spec.tier == "small"


def test_a_wrong_answer_is_explained_and_asked_for_again(terminal: pexpect.spawn[str], project: Path) -> None:
    answer(terminal, ("Id", "Robotics!"))
    terminal.expect_exact("is not a DNS label")
    answer(terminal, ("Id", "robotics"), ("Team's name", "Robotics"), ("Address", "nobody"))
    terminal.expect_exact("is not an email address")
    terminal.expect_exact("Address")
    terminal.sendintr()
    assert end(terminal)[1] == 130
    assert not (project / "tenants/robotics").exists()


def test_a_no_writes_nothing(terminal: pexpect.spawn[str], project: Path) -> None:
    answer(terminal, *COMMON, ("Tier", "standard"), ("admins", "ml-robotics"), ("developers", ""), ("look", ""))
    answer(terminal, ("Write tenants/robotics/tenant.yaml?", ""))
    said, code = end(terminal)
    assert code == 1
    assert "Nothing was written." in said
    assert not (project / "tenants/robotics").exists()


def test_an_existing_id_is_said_at_once(terminal: pexpect.spawn[str]) -> None:
    answer(terminal, ("Id", "vision"))
    said, code = end(terminal)
    assert code == 2
    assert "tenants/vision/tenant.yaml is there already" in said
