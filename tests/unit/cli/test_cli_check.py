"""`tenantry check`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from tenantry import policies
from tenantry.cli import check as verb
from tenantry.policies import RULES
from tenantry.policies.exceptions import FILE
from tenantry.policies.model import Finding, View
from tests.unit.cli.calling import Call

RULE = next(rule for rule in RULES if rule.id == "TEN-ACC-005")
FINDING = "has the subject Group ml-audit"


@pytest.fixture
def one_breach(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that objects to one stack of the examples."""

    def find(view: View) -> Iterable[Finding]:
        if view.owner == "vision":
            yield Finding(next(view.of("RoleBinding")), FINDING)

    monkeypatch.setattr(policies, "RULES", (dataclasses.replace(RULE, find=find),))


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "today", lambda: date(2026, 11, 24))


def excuse(project: Path, expires: str = "2026-12-24", finding: str = FINDING) -> None:
    (project / FILE).write_text(
        f'exceptions:\n  - {{rule: TEN-ACC-005, stack: vision.sandbox, finding: "RoleBinding vision/admin: {finding}",'
        f' owner: a@example.com, reason: "a test of what an exception does", expires: "{expires}"}}\n'
    )


def test_everything_holds_in_this_repository(call: Call, project: Path) -> None:
    said = call("check")
    assert (said.code, said.out) == (0, "")
    assert said.err == "4 stacks: every rule holds.\n"


def test_named_tenants_alone(call: Call, project: Path) -> None:
    assert call("check", "nlp", "vision", "-o", "json").json["stacks"] == ["nlp.sandbox", "vision.sandbox"]


def test_every_environment_unless_one_is_named(call: Call, prod: str, project: Path) -> None:
    file = project / "tenants/nlp/tenant.yaml"
    written = [line for line in file.read_text().splitlines() if not line.startswith("environments:")]
    file.write_text("\n".join([*written, "environments: [sandbox, prod]"]) + "\n")
    both = call("check", "--output", "json").json["stacks"]
    assert {"platform.prod", "platform.sandbox", "nlp.prod", "nlp.sandbox", "vision.sandbox"} <= set(both)
    assert call("check", "--env", "prod", "-o", "json").json["stacks"] == ["platform.prod", "nlp.prod"]
    nowhere = call("check", "vision", "--env", "prod")
    assert nowhere.code == 2
    assert "vision does not live in prod" in nowhere.err


def test_a_broken_rule_fails_and_says_where_and_what(call: Call, project: Path, one_breach: None) -> None:
    said = call("check", "vision")
    assert said.code == 1
    assert said.out == (
        f"TEN-ACC-005 critical: vision.sandbox: RoleBinding vision/admin: {FINDING}."
        " Bind groups of the tenant's access block, or service accounts of its namespace."
        " See docs/policies.md#ten-acc-005.\n"
    )
    assert said.err == "1 problem in 1 stack.\n"


def test_json(call: Call, project: Path, one_breach: None) -> None:
    said = call("check", "vision", "--output", "json")
    assert said.code == 1
    [found] = said.json["violations"]
    assert said.json["passed"] is False
    assert found | {"fix": "", "title": ""} == {
        "rule": "TEN-ACC-005",
        "severity": "critical",
        "title": "",
        "stack": "vision.sandbox",
        "file": "tenants/vision/tenant.yaml",
        "line": 1,
        "finding": f"RoleBinding vision/admin: {FINDING}",
        "fix": "",
    }


def test_a_version_below_its_gate_is_annotated_in_its_file(call: Call, project: Path, models: Path) -> None:
    file = models / "defect-detector.yaml"
    low = file.read_text().replace("auc: 0.931", "auc: 0.89")
    file.write_text(low)
    said = call("check", "vision", "--output", "github")
    assert said.code == 1
    first, second = said.out.splitlines()
    place = "::error file=tenants/vision/models/defect-detector.yaml,line=22,col=10,title=tenantry check::"
    assert first.startswith(f"{place}TEN-MOD-001: model defect-detector, candidate: auc is 0.89, below 0.9.")
    assert second.startswith(f"{place}TEN-MOD-001: model defect-detector, candidate: auc is 0.89, worse than stable's")
    reason = "The second line needs it now, see CV-341."
    override = f'  override: {{reason: "{reason}", approved_by: head@example.com}}\n  rollout:'
    file.write_text(low.replace("  rollout:", override))
    assert call("check", "vision").code == 0


def test_github_gets_an_annotation_at_the_tenants_file(call: Call, project: Path, one_breach: None) -> None:
    said = call("check", "vision", "--output", "github")
    assert said.code == 1
    start = "::error file=tenants/vision/tenant.yaml,line=1,col=1,title=tenantry check::TEN-ACC-005: RoleBinding"
    assert said.out.startswith(start)
    assert len(said.out.splitlines()) == 1


def test_an_exception_lets_it_pass_and_is_shown(call: Call, project: Path, one_breach: None, today: None) -> None:
    excuse(project)
    said = call("check", "vision")
    assert (said.code, said.out) == (0, "")
    assert "excused until 2026-12-24 by a@example.com: TEN-ACC-005 vision.sandbox" in said.err
    [found] = call("check", "vision", "-o", "json").json["excused"]
    assert (found["owner"], found["expires"]) == ("a@example.com", "2026-12-24")


def test_an_expired_exception_fails(call: Call, project: Path, one_breach: None, today: None) -> None:
    excuse(project, expires="2026-11-23")
    said = call("check", "vision")
    assert said.code == 1
    assert "expired on 2026-11-23" in said.err


def test_an_exception_that_excuses_nothing_fails(call: Call, project: Path, one_breach: None, today: None) -> None:
    excuse(project, finding="has the subject Group ml-other")
    said = call("check", "vision", "-o", "github")
    assert said.code == 1
    assert len(said.out.splitlines()) == 2
    assert f"file={FILE},line=2" in said.out
    assert call("check", "nlp").code == 0


def test_a_broken_file_is_told_as_everywhere(call: Call, project: Path) -> None:
    file = project / "tenants/vision/tenant.yaml"
    file.write_text(file.read_text().replace("cpu: 64", "cpus: 64"))
    said = call("check", "vision")
    assert said.code == 1
    assert "quota.cpus" in said.err


@pytest.mark.parametrize("arguments", [["nobody"], ["--env", "nowhere"]])
def test_what_is_not_there_is_a_misuse(call: Call, project: Path, arguments: list[str]) -> None:
    assert call("check", *arguments).code == 2
