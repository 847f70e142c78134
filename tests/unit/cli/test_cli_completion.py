"""Shell completion: of verbs by Typer, of tenants and environments by listing two folders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def complete(words: str, folder: Path, *options: str) -> list[str]:
    """What bash would be offered after these words."""
    variables = {
        **os.environ,
        "_TENANTRY_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    command = [sys.executable, *options, "-m", "tenantry"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, env=variables)
    assert "Traceback" not in done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("tenantry sh", ["show"]),
        ("tenantry show ", ["forecasting", "nlp", "vision"]),
        ("tenantry up vision f", ["forecasting"]),
        ("tenantry list --env ", ["sandbox"]),
        ("tenantry sandbox s", ["status"]),
        ("tenantry sandbox logs kube-a", ["kube-apiserver"]),
    ],
)
def test_words_are_offered(project: Path, words: str, offered: list[str]) -> None:
    assert complete(words, project) == offered


def test_tenants_of_the_named_repository_are_offered(project: Path, tmp_path: Path) -> None:
    assert complete("tenantry show --root project n", tmp_path) == ["nlp"]


def test_nothing_is_offered_where_there_is_no_repository(tmp_path: Path) -> None:
    assert complete("tenantry show ", tmp_path) == []


def test_broken_files_are_offered_too_because_none_is_read(project: Path) -> None:
    (project / "tenants/nlp/tenant.yaml").write_text("id: [")
    script = (
        "import sys\nfrom tenantry.cli import main\n"
        "try:\n    main([])\nexcept SystemExit:\n    print(*sys.modules, file=sys.stderr)"
    )
    variables = {
        **os.environ,
        "_TENANTRY_COMPLETE": "complete_bash",
        "COMP_WORDS": "tenantry show n",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=project, env=variables
    )
    assert done.stdout.split() == ["nlp"]
    modules = done.stderr.split()
    assert "tenantry.cli.options" in modules
    # Typer itself loads what it draws help with; nothing of ours may read a file for it.
    assert not {"tenantry.catalog", "tenantry.render", "tenantry.yaml_source"} & set(modules)
