"""The models' verbs on a terminal, where they ask; and what a shell completes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pexpect
import pytest

from tests.unit.cli.models_seam import TWELVE, WAITING, Models, models, template
from tests.unit.cli.test_cli_add_asking import PATIENCE, end
from tests.unit.cli.test_cli_completion import complete

__all__ = ["models", "template"]

QUESTION = "Write tenants/vision/models/grader.yaml?"


@pytest.fixture
def terminal(models: Models) -> Iterator[pexpect.spawn[str]]:
    """`tenantry model abort`, just started on a pseudo-terminal."""
    child: pexpect.spawn[str] = pexpect.spawn(
        sys.executable,
        ["-m", "tenantry", "model", "abort", "vision", "grader"],
        cwd=str(models.root),
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(60, 160),
    )
    yield child
    child.close(force=True)


def test_the_change_is_shown_before_the_question(terminal: pexpect.spawn[str], models: Models) -> None:
    terminal.expect_exact("-candidate:")
    terminal.expect_exact(QUESTION)
    assert models.text == WAITING
    terminal.sendline("y")
    said, code = end(terminal)
    assert code == 0
    assert "Abort the candidate" in said
    assert models.text == TWELVE


@pytest.mark.parametrize("answer", ["n", ""])
def test_a_no_writes_nothing(terminal: pexpect.spawn[str], models: Models, answer: str) -> None:
    terminal.expect_exact(QUESTION)
    terminal.sendline(answer)
    said, code = end(terminal)
    assert code == 1
    assert "Nothing was written." in said
    assert "Abort the candidate" not in said
    assert models.text == WAITING


def test_ctrl_c_writes_nothing(terminal: pexpect.spawn[str], models: Models) -> None:
    terminal.expect_exact(QUESTION)
    terminal.sendintr()
    assert end(terminal)[1] == 130
    assert models.text == WAITING


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("tenantry model ro", ["rollback"]),
        ("tenantry model abort ", ["vision"]),
        ("tenantry model abort vision ", ["grader"]),
        ("tenantry model abort vision x", []),
        ("tenantry model status .. ", []),
    ],
)
def test_words_are_offered(models: Models, words: str, offered: list[str]) -> None:
    assert complete(words, models.root) == offered


def test_broken_files_are_offered_too_because_none_is_read(models: Models) -> None:
    models.write("id: [")
    script = (
        "import sys\nfrom tenantry.cli import main\n"
        "try:\n    main([])\nexcept SystemExit:\n    print(*sys.modules, file=sys.stderr)"
    )
    variables = {
        **os.environ,
        "_TENANTRY_COMPLETE": "complete_bash",
        "COMP_WORDS": "tenantry model promote vision g",
        "COMP_CWORD": "4",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=models.root, env=variables
    )
    assert done.stdout.split() == ["grader"]
    # Typer itself loads pydantic.
    assert not {"tenantry.catalog", "tenantry.yaml_source", "tenantry.model_spec"} & set(done.stderr.split())
