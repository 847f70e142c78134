"""Which repository, environment and tenants a command means."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.cli.failure import UsageError
from tenantry.cli.project import choose_environment, choose_tenants, find_root, known_word
from tests.unit.cli.calling import Call


def test_the_nearest_folder_upwards_is_the_root(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "tenants/vision")
    assert find_root(None) == project


def test_root_is_taken_as_given(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_root(Path("project")) == project
    assert call("validate", "--root", "project").code == 0


def test_no_repository_says_how_to_name_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.chdir(tmp_path)
    said = call("list")
    assert said.code == 2
    assert "--root" in said.err
    assert call("list", "--root", str(tmp_path)).code == 2


def test_the_only_environment_need_not_be_named(project: Path) -> None:
    assert choose_environment(project, None) == "sandbox"


def test_several_environments_are_listed(project: Path, prod: str) -> None:
    assert choose_environment(project, prod) == "prod"
    with pytest.raises(UsageError, match=r"prod, sandbox.*--env prod"):
        choose_environment(project, None)


def test_an_unknown_word_names_the_near_one_or_all() -> None:
    with pytest.raises(UsageError, match='Did you mean "vision"'):
        known_word("visoin", ["vision", "nlp"], "tenant")
    with pytest.raises(UsageError, match="Known: nlp, vision"):
        known_word("zzz", ["vision", "nlp"], "tenant")
    with pytest.raises(UsageError, match="none yet"):
        known_word("zzz", [], "tenant")


def test_tenants_are_everyone_or_those_named_once_each(project: Path) -> None:
    assert choose_tenants(project, []) == ["forecasting", "nlp", "vision"]
    assert choose_tenants(project, ["vision", "nlp", "vision"]) == ["vision", "nlp"]
    with pytest.raises(UsageError):
        choose_tenants(project, ["vision", "audio"])
