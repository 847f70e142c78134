"""`tenantry model promote`, `rollback` and `abort`: the file changes as it should, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tenantry.catalog import load_tenant
from tenantry.cli.model import change
from tenantry.model_spec import ModelSpec
from tests.unit.cli.calling import Call, Called
from tests.unit.cli.models_seam import ELEVEN, FAILING, FILE, TWELVE, WAITING, Models, models, template, text, version
from tests.unit.test_git import command

__all__ = ["models", "template"]

MODEL = ("vision", "grader")
FIRST = ("--runtime", "sklearn", "--version", "1", "--uri", "s3://artifacts/models/forecast/1", "--gate-min", "auc=0.9")
WORDS = ("--override", "--reason", "The new camera has no labels yet.", "--approved-by", "head@example.com")
THIRTEEN = text(version("13", "0.92"))


def spec(models: Models) -> ModelSpec:
    [model] = load_tenant(models.root, "vision", "lab").models
    return model.spec


def refused(said: Called, code: int, *words: str) -> None:
    assert said.code == code, said.err
    assert [word for word in words if word not in said.err] == [], said.err
    assert not said.out


def test_abort_takes_the_candidate_out_and_nothing_else(call: Call, models: Models) -> None:
    said = call("model", "abort", *MODEL, "--yes")
    assert said.code == 0
    assert models.text == TWELVE
    assert "Abort the candidate: stable gets all traffic" in said.out
    assert '-  version: "13"  # of May' in said.err


def test_promote_moves_the_candidate_with_its_comments(call: Call, models: Models) -> None:
    said = call("model", "promote", *MODEL, "--yes")
    assert said.code == 0
    assert models.text == THIRTEEN
    assert "| stable | `12` | `13` |" in said.out
    assert "| `auc` | `at least 0.9, no worse by 0.01` | `0.91` | `0.92` | `passes` |" in said.out


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_promoting_and_rolling_back_gives_the_same_model(call: Call, models: Models, ends: str) -> None:
    before = models.text.replace("\n", ends)
    models.write(before)
    call("model", "promote", *MODEL, "--yes")
    assert spec(models).stable.version == "13"
    said = call("model", "rollback", *MODEL, "--yes")
    assert said.code == 0
    assert models.text == TWELVE.replace("\n", ends)
    assert "Version 12 is as commit" in said.out


def test_steps_rise_to_the_last_one(call: Call, models: Models) -> None:
    said = call("model", "promote", *MODEL, "--step", "--yes")
    assert said.code == 0
    assert models.text == WAITING.replace("traffic: 10", "traffic: 50")
    assert "| traffic | `stable 90 %, candidate 10 %` | `stable 50 %, candidate 50 %` |" in said.out
    refused(call("model", "promote", *MODEL, "--step", "--yes"), 2, "last step, 50 %", "without --step")


@pytest.mark.parametrize("rollout", ["{strategy: canary, traffic: 10}", "{strategy: shadow, mirror: 100}"])
def test_without_steps_there_is_none(call: Call, models: Models, rollout: str) -> None:
    models.write(WAITING.replace("{strategy: canary, traffic: 10, steps: [10, 50]}", rollout))
    refused(call("model", "promote", *MODEL, "--step", "--yes"), 2, "has no steps")


def test_a_shadow_is_promoted_as_a_whole(call: Call, models: Models) -> None:
    models.write(WAITING.replace("{strategy: canary, traffic: 10, steps: [10, 50]}", "{strategy: shadow, mirror: 100}"))
    assert call("model", "promote", *MODEL, "--yes").code == 0
    assert models.text == THIRTEEN


@pytest.mark.parametrize("step", [(), ("--step",)])
def test_a_failing_gate_is_in_the_way(call: Call, models: Models, step: tuple[str, ...]) -> None:
    models.write(FAILING)
    said = call("model", "promote", *MODEL, *step, "--yes")
    refused(said, 1, f"{FILE}:12:", "auc is 0.89, below 0.9", "worse than stable's 0.91 by 0.02", "2 problems")
    assert models.text == FAILING


def test_an_override_is_written_down_and_stays_with_the_version(call: Call, models: Models) -> None:
    models.write(FAILING)
    said = call("model", "promote", *MODEL, *WORDS, "--yes")
    assert said.code == 0
    override = spec(models).stable.override
    assert override is not None
    assert (override.reason, override.approved_by) == ("The new camera has no labels yet.", "head@example.com")
    assert "**Gate:** overridden" in said.out
    assert "head@example.com: The new camera has no labels yet." in said.out


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (("--override",), "--reason and --approved-by"),
        (("--override", "--reason", "The new camera has no labels yet."), "needs --approved-by"),
        (("--override", "--approved-by", "head@example.com"), "needs --reason"),
        (("--reason", "The new camera has no labels yet."), "--reason belongs to --override"),
        (("--approved-by", "head@example.com"), "--approved-by belongs to --override"),
    ],
)
def test_an_override_has_a_reason_and_a_name(call: Call, models: Models, words: tuple[str, ...], missing: str) -> None:
    models.write(FAILING)
    refused(call("model", "promote", *MODEL, *words, "--yes"), 2, missing)
    assert models.text == FAILING


def test_a_reason_that_says_nothing_is_refused_by_the_reader(call: Call, models: Models) -> None:
    models.write(FAILING)
    said = call("model", "promote", *MODEL, "--override", "--reason", "Because", "--approved-by", "nobody", "--yes")
    refused(said, 1, "candidate.override.reason", "candidate.override.approved_by")
    assert models.text == FAILING


def test_there_is_nothing_to_override_where_the_gate_passes(call: Call, models: Models) -> None:
    refused(call("model", "promote", *MODEL, *WORDS, "--yes"), 2, "nothing to override")
    assert models.text == WAITING


@pytest.mark.parametrize("verb", ["promote", "abort"])
def test_without_a_candidate_there_is_nothing_to_do(call: Call, models: Models, verb: str) -> None:
    models.write(TWELVE)
    refused(call("model", verb, *MODEL, "--yes"), 1, f"{FILE}:1:1: candidate: is missing", "tenantry model add")


def test_rollback_goes_to_any_version_that_was_stable(call: Call, models: Models) -> None:
    models.commit(THIRTEEN)
    assert call("model", "rollback", *MODEL, "--to", "11", "--yes").code == 0
    assert models.text == ELEVEN


def test_rollback_brings_the_evidence_and_keeps_the_rest(call: Call, models: Models) -> None:
    models.commit(
        THIRTEEN.replace("latency_p95_ms: 200", "latency_p95_ms: 300").replace("id: grader   #", "id: grader #")
    )
    before = models.text
    assert call("model", "rollback", *MODEL, "--yes").code == 0
    assert models.text == before.replace(version("13", "0.92"), version("12", "0.91"))


def test_a_candidate_is_in_the_way_of_going_further_back(call: Call, models: Models) -> None:
    said = call("model", "rollback", *MODEL, "--yes")
    refused(said, 1, f"{FILE}:9:1: candidate: is there", "tenantry model abort vision grader", "--drop-candidate")
    assert models.text == WAITING
    assert call("model", "rollback", *MODEL, "--drop-candidate", "--yes").code == 0
    assert models.text == ELEVEN


def test_what_does_not_pass_todays_gate_says_so(call: Call, models: Models) -> None:
    stricter = TWELVE.replace("min: 0.9,", "min: 0.908,")
    models.commit(stricter)
    said = call("model", "rollback", *MODEL, "--yes")
    assert said.code == 0
    assert "does not pass today's gate" in said.out
    models.write(stricter)
    said = call("model", "rollback", *MODEL, *WORDS, "--yes")
    assert said.code == 0
    assert spec(models).stable.override is not None
    assert "does not pass" not in said.out


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (("--to", "9"), ('no version "9" was stable', "Versions that were: 11")),
        (("--to", "13"), ("only a candidate", "tenantry model add vision grader")),
        (("--to", "12"), ("is 12 already",)),
    ],
)
def test_a_version_that_was_never_stable(
    call: Call, models: Models, to: tuple[str, ...], words: tuple[str, ...]
) -> None:
    models.commit(TWELVE)
    refused(call("model", "rollback", *MODEL, *to, "--yes"), 1, *words)
    assert models.text == TWELVE


def test_a_file_that_git_does_not_know(call: Call, models: Models) -> None:
    other = models.root / "tenants/vision/models/other.yaml"
    other.write_text(TWELVE.replace("id: grader", "id: other"))
    said = call("model", "rollback", "vision", "other", "--yes")
    refused(said, 1, "no other version was stable", "not in git yet")


def test_what_is_not_committed_is_what_is_changed(call: Call, models: Models) -> None:
    """A promotion that lies in the work tree: the version before it is the last commit's."""
    call("model", "promote", *MODEL, "--yes")
    call("model", "rollback", *MODEL, "--yes")
    assert models.text == TWELVE


def test_a_shallow_clone_says_how_to_get_the_rest(
    call: Call, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.commit(TWELVE)
    command(tmp_path, "clone", "-q", "--depth", "1", f"file://{models.root}", "clone")
    monkeypatch.chdir(tmp_path / "clone")
    refused(call("model", "rollback", *MODEL, "--yes"), 1, "no other version", "git fetch --unshallow")


def test_a_renamed_file_keeps_its_versions(call: Call, models: Models) -> None:
    command(models.root, "mv", FILE, "tenants/vision/models/judge.yaml")
    judge = models.root / "tenants/vision/models/judge.yaml"
    judge.write_text(TWELVE.replace("id: grader", "id: judge"))
    models.commit()
    assert call("model", "rollback", "vision", "judge", "--yes").code == 0
    assert judge.read_text() == ELEVEN.replace("id: grader", "id: judge")


def test_commits_that_nobody_can_read_are_passed_over(call: Call, models: Models) -> None:
    models.commit("id: [\n")
    models.commit(TWELVE)
    assert call("model", "rollback", *MODEL, "--yes").code == 0
    assert models.text == ELEVEN


def test_no_repository(call: Call, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (models.root / ".git").rename(tmp_path / "git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    models.write(TWELVE)
    refused(call("model", "rollback", *MODEL, "--yes"), 3, "not a git repository")


@pytest.mark.parametrize("verb", ["promote", "rollback", "abort"])
def test_a_file_that_cannot_be_accepted_stays(call: Call, models: Models, verb: str) -> None:
    wrong = WAITING.replace("runtime: mlflow", "runtime: mflow")
    models.write(wrong)
    refused(call("model", verb, *MODEL, "--yes"), 1, f"{FILE}:3:10: runtime", "mlflow")
    assert models.text == wrong


def test_an_edit_that_the_reader_refuses_changes_nothing(call: Call, models: Models) -> None:
    models.commit(text(version("10", "0.9", "  image: docker.io/library/a:latest\n")))
    models.commit(TWELVE)
    said = call("model", "rollback", *MODEL, "--to", "10", "--yes")
    refused(said, 1, f"{FILE}:9:10: stable.image", "is not an image by its digest")
    assert models.text == TWELVE


def test_another_models_mistake_is_in_nobodys_way(call: Call, models: Models) -> None:
    (models.root / "tenants/vision/models/broken.yaml").write_text("id: [\n")
    assert call("model", "abort", *MODEL, "--yes").code == 0
    assert models.text == TWELVE


def test_nobody_to_ask_and_nobody_agreed(call: Call, models: Models) -> None:
    refused(call("model", "abort", *MODEL), 2, "--yes")
    assert models.text == WAITING


def test_a_dry_run_writes_nothing(call: Call, models: Models) -> None:
    said = call("model", "promote", *MODEL, "--dry-run", "--output", "json")
    assert said.code == 0
    assert said.json["written"] is False
    assert models.text == WAITING


def test_a_program_reads_the_same(call: Call, models: Models) -> None:
    said = call("model", "promote", *MODEL, "--yes", "--output", "json")
    document = said.json
    assert document["file"] == FILE
    assert document["before"] == {
        "stable": "12",
        "candidate": "13",
        "rollout": {"strategy": "canary", "traffic": 10, "steps": [10, 50]},
        "weights": {"stable": 90, "candidate": 10},
    }
    assert document["after"] == {"stable": "13", "candidate": None, "rollout": None, "weights": {"stable": 100}}
    assert document["gate"]["outcome"] == "passed"
    assert document["gate"]["metrics"] == [
        {
            "metric": "auc",
            "limit": "at least 0.9, no worse by 0.01",
            "stable": "0.91",
            "candidate": "0.92",
            "verdict": "passes",
        }
    ]
    assert document["diff"].startswith(f"--- a/{FILE}\n+++ b/{FILE}\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("visoin", "grader"), 'Did you mean "vision"'), (("vision", "gradr"), 'Did you mean "grader"')],
)
@pytest.mark.parametrize("verb", ["promote", "rollback", "abort", "diff", "history", "status"])
def test_a_name_that_is_not_there(
    call: Call, models: Models, verb: str, arguments: tuple[str, str], words: str
) -> None:
    refused(call("model", verb, *arguments), 2, words)


def test_an_interrupted_write_leaves_the_old_file(call: Call, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", cut)
    before = {path for path in models.root.rglob("*") if path.is_file()}
    said = call("model", "promote", *MODEL, "--yes")
    assert said.code == 130
    assert models.text == WAITING
    assert {path for path in models.root.rglob("*") if path.is_file()} == before


def test_a_killed_write_leaves_the_old_file_and_nothing_in_its_folder(models: Models) -> None:
    script = (
        "import os, signal\nfrom tenantry.cli import main\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"main(['model', 'promote', *{MODEL!r}, '--yes'])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=models.root, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert models.text == WAITING
    assert [path.name for path in models.file.parent.iterdir()] == [models.file.name]


def test_a_file_that_was_changed_meanwhile_stays(call: Call, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    def edited(*_: object, **__: object) -> bool:
        models.write(ELEVEN)
        return True

    monkeypatch.setattr(change, "agreed", edited)
    refused(call("model", "promote", *MODEL), 1, "was changed meanwhile")
    assert models.text == ELEVEN


def test_a_candidate_that_makes_the_file_wrong_can_be_taken_out(call: Call, models: Models) -> None:
    models.write(WAITING.replace("auc: 0.92", "auc: much"))
    said = call("model", "abort", *MODEL, "--yes")
    assert said.code == 0
    assert models.text == TWELVE
    assert "| stable |  | `12` |" in said.out


@pytest.mark.parametrize("link", ["tenants/vision", "tenants/vision/models", FILE])
@pytest.mark.parametrize("words", [("abort", *MODEL), ("add", "vision", "forecast", *FIRST)])
def test_nothing_is_written_through_a_link(
    call: Call, models: Models, tmp_path: Path, link: str, words: tuple[str, ...]
) -> None:
    if words[0] == "add" and link == FILE:
        words = ("abort", *MODEL)
    elsewhere = tmp_path / "elsewhere"
    (models.root / link).rename(elsewhere)
    (models.root / link).symlink_to(elsewhere)
    before = {path: path.read_bytes() for path in [elsewhere, *elsewhere.rglob("*")] if path.is_file()}
    refused(call("model", *words, "--yes"), 1, f"{link}:1:1: is a symbolic link")
    assert {path: path.read_bytes() for path in [elsewhere, *elsewhere.rglob("*")] if path.is_file()} == before


def test_a_pipe_beside_the_models_is_waited_for_by_nobody(call: Call, models: Models) -> None:
    os.mkfifo(models.root / "tenants/vision/pipe")
    assert call("model", "abort", *MODEL, "--yes").code == 0


def test_what_stays_wrong_in_the_file_is_refused_too(call: Call, models: Models) -> None:
    wrong = WAITING.replace("s3://artifacts/models/grader/12", "s3://another/models/grader/12")
    models.write(wrong)
    refused(call("model", "abort", *MODEL, "--yes"), 1, "stable.uri: another is not the store of vision")
    assert models.text == wrong


def test_what_goes_wrong_in_another_file_is_refused_too(call: Call, models: Models) -> None:
    models.file.unlink()
    tenant = models.root / "tenants/vision/tenant.yaml"
    tenant.write_text(tenant.read_text().replace("serving: {max_replicas: 4}", "serving: false"))
    said = call("model", "add", "vision", "forecast", *FIRST, "--yes")
    refused(said, 1, "tenants/vision/tenant.yaml:", "serving: is false")
    assert list(models.file.parent.iterdir()) == []
