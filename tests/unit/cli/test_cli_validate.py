"""`tenantry validate`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.cli.validate import annotation
from tenantry.errors import Problem
from tests.unit.cli.calling import Call

VISION = "tenants/vision/tenant.yaml"
NLP = "tenants/nlp/tenant.yaml"


@pytest.fixture
def two_mistakes(project: Path) -> Path:
    for path, before, after in ((VISION, "cpu: 64", "cpus: 64"), (NLP, "tier: small", "tier: smal")):
        file = project / path
        file.write_text(file.read_text().replace(before, after))
    return project


def test_valid_files_are_counted(call: Call, project: Path) -> None:
    said = call("validate")
    assert (said.code, said.out) == (0, "3 tenants with 2 models in 1 environment: everything is valid.\n")
    assert call("validate", "--output", "json").json == {
        "valid": True,
        "tenants": 3,
        "models": 2,
        "environments": 1,
        "problems": [],
    }


def test_models_are_counted_and_checked(call: Call, project: Path, models: Path) -> None:
    assert call("validate").out == "3 tenants with 2 models in 1 environment: everything is valid.\n"
    assert call("validate", "--output", "json").json["models"] == 2
    file = models / "defect-detector.yaml"
    file.write_text(file.read_text().replace("traffic: 10", "traffic: 100"))
    said = call("validate", "tenants/vision/models")
    assert said.code == 1
    assert said.out == (
        "tenants/vision/models/defect-detector.yaml:27:40: candidate.rollout.traffic: 100 is too large. Write a whole "
        "number from 1 to 99.\n"
    )


def test_all_problems_of_all_files_are_shown_at_once(call: Call, two_mistakes: Path) -> None:
    said = call("validate")
    assert said.code == 1
    first, second = said.out.splitlines()
    assert first.startswith(f"{NLP}:10:7: tier: ")
    assert second.startswith(f"{VISION}:16:3: quota.cpus: ")
    assert said.err == "2 problems in 2 files.\n"


def test_json_has_a_problem_in_its_parts(call: Call, two_mistakes: Path) -> None:
    said = call("validate", "--output", "json")
    assert said.code == 1
    assert said.json["valid"] is False
    first, second = said.json["problems"]
    assert set(first) == {"path", "line", "column", "key", "what", "fix"}
    assert (second["path"], second["line"], second["column"], second["key"]) == (VISION, 16, 3, "quota.cpus")


def test_github_gets_an_annotation_a_problem(call: Call, two_mistakes: Path) -> None:
    said = call("validate", "--output", "github")
    assert said.code == 1
    lines = said.out.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"::error file={VISION},line=16,col=3,title=tenantry validate::quota.cpus: ")


def test_an_annotation_cannot_be_broken_out_of() -> None:
    problem = Problem("a,b:c%.yaml", 1, 2, "", "has\n::error::100%", "Write\rit")
    assert annotation(problem) == (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=2,title=tenantry validate::has%0A::error::100%25. Write%0Dit."
    )


@pytest.mark.parametrize("place", ["tenants/vision", VISION])
def test_paths_choose_what_is_reported(call: Call, two_mistakes: Path, place: str) -> None:
    said = call("validate", place)
    assert said.code == 1
    assert VISION in said.out
    assert NLP not in said.out
    assert "1 problem elsewhere" in said.err


def test_a_good_file_among_bad_ones_is_good(call: Call, two_mistakes: Path) -> None:
    said = call("validate", "tenants/forecasting")
    assert (said.code, said.out) == (0, "")
    assert "2 problems elsewhere" in said.err


def test_paths_that_are_none_of_ours_are_a_misuse(call: Call, project: Path, tmp_path: Path) -> None:
    assert call("validate", "tenants/nobody").code == 2
    assert call("validate", str(tmp_path)).code == 2
