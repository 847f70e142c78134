"""`tenantry model list`, `diff`, `history` and `status`: what files, git, state and cluster say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tenantry.engine import workspace as engine_workspace
from tenantry.kube import Kube, KubeError
from tenantry.model_edit import live
from tenantry.model_edit.live import LiveModel, Predictor
from tests.unit.cli.calling import Call
from tests.unit.cli.models_seam import FAILING, TWELVE, WAITING, Models, models, template, text, version
from tests.unit.engine_double import Engine, resource, workspace_around, write_state
from tests.unit.projects import TENANT, add
from tests.unit.test_git import command

__all__ = ["models", "template"]

MODEL = ("vision", "grader")
STABLE = Predictor("v12", "12", "90 %", routed=90, ready=1, replicas=1)
CANARY = Predictor("v13", "13", "10 %", routed=10, ready=0, replicas=1)
Cluster = Callable[[LiveModel | None], None]


@pytest.fixture
def cluster(models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """A cluster that has what a test says."""
    place = replace(workspace_around(Engine(tmp_path / "engine"), tmp_path / "place"), root=models.root)
    monkeypatch.setattr(engine_workspace, "workspace", lambda *_: place)
    monkeypatch.setattr(Kube, "from_kubeconfig", lambda *_: object())

    def has(found: LiveModel | None) -> None:
        monkeypatch.setattr(live, "of_cluster", lambda *_: found)

    return has


def test_list_shows_versions_rollout_and_gate(call: Call, models: Models) -> None:
    models.write(FAILING)
    said = call("model", "list")
    assert said.code == 0
    assert said.out.splitlines()[1].split() == [
        *("vision", "grader", "mlflow", "12", "13", "canary", "10", "%,", "steps", "10,", "50", "failed")
    ]
    [row] = call("model", "list", "vision", "--output", "json").json
    assert (row["stable"], row["candidate"], row["weights"]) == ("12", "13", {"stable": 90, "candidate": 10})
    assert row["gate"]["outcome"] == "failed"
    assert [metric["verdict"] for metric in row["gate"]["metrics"]] == ["fails"]


def test_list_of_a_team_without_models(call: Call, models: Models) -> None:
    models.file.unlink()
    assert call("model", "list", "--output", "json").json == []
    said = call("model", "list", "robotics")
    assert (said.code, said.out) == (2, "")


def test_list_shows_every_mistake(call: Call, models: Models) -> None:
    models.write(WAITING.replace("mlflow", "mflow").replace("cpu: 0.5", "cpu: half"))
    said = call("model", "list")
    assert said.code == 1
    assert "2 problems in 1 file" in said.err


def test_diff_of_the_two_versions(call: Call, models: Models) -> None:
    said = call("model", "diff", *MODEL)
    assert said.code == 0
    rows = [line.split() for line in said.out.splitlines()]
    assert rows[0] == ["KEY", "STABLE", "CANDIDATE"]
    assert ["version", "12", "13"] in rows
    assert ["evidence.auc", "0.91", "0.92"] in rows
    assert ["rollout.steps", "10,", "50"] in rows
    assert not [row for row in rows if row[0] == "evidence.dataset"]


def test_diff_against_a_revision(call: Call, models: Models) -> None:
    models.write(TWELVE.replace("cpu: 0.5", "cpu: 1"))
    said = call("model", "diff", *MODEL, "--against", "HEAD~2", "--output", "json")
    rows = {row["key"]: (row["before"], row["after"]) for row in said.json["revision"]}
    assert rows["resources.cpu"] == ("0.5", "1")
    assert rows["stable.version"] == ("11", "12")
    assert "candidate" not in said.json
    assert "There is no candidate" in call("model", "diff", *MODEL).err


def test_diff_against_a_time_before_the_file(call: Call, models: Models) -> None:
    other = models.root / "tenants/vision/models/other.yaml"
    other.write_text(TWELVE.replace("grader", "other"))
    said = call("model", "diff", "vision", "other", "--against", "HEAD")
    assert said.code == 0
    assert "all of it is new" in said.err
    assert call("model", "diff", "vision", "other", "--against", "nowhere").code == 3


def test_history_is_gits_with_what_changed(call: Call, models: Models, cluster: Cluster) -> None:
    models.commit(WAITING.replace("traffic: 10", "traffic: 50"))
    models.commit(text(version("13", "0.92")).replace("cpu: 0.5", "cpu: 1"))
    models.commit(models.text.replace("auc: 0.92", "auc: 0.93"))
    models.write(models.text.replace("# of May", "# of June"))
    found = call("model", "history", *MODEL, "--output", "json").json
    assert [one["changes"] for one in found["history"]] == [
        ["comments alone"],
        ["stable 13 described anew"],
        ["stable 12 → 13", "candidate 13 → none", "changed resources"],
        ["canary 10 % → canary 50 %"],
        ["candidate 13", "canary 10 %"],
        ["stable 11 → 12"],
        ["made", "stable 11"],
    ]
    assert found["history"][0]["commit"] is None
    assert found["history"][1]["commit"] == command(models.root, "rev-parse", "HEAD")
    assert {one["author"] for one in found["history"]} == {"", "Test"}
    assert found["shallow"] is False


def test_history_in_words(call: Call, models: Models, cluster: Cluster) -> None:
    command(models.root, "mv", "tenants/vision/models/grader.yaml", "tenants/vision/models/judge.yaml")
    judge = models.root / "tenants/vision/models/judge.yaml"
    judge.write_text(TWELVE.replace("id: grader", "id: judge"))
    models.commit()
    judge.write_text("id: [\n")
    models.commit()
    judge.unlink()
    models.commit()
    judge.write_text(TWELVE.replace("id: grader", "id: judge"))
    models.commit()
    said = call("model", "history", "vision", "judge")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["COMMIT", "DATE", "AUTHOR", "STABLE", "CANDIDATE", "WHAT"]
    words = ("made, stable 12", "deleted", "cannot be read")
    assert [word for word, line in zip(words, lines[1:], strict=False) if word not in line] == []
    assert "renamed from tenants/vision/models/grader.yaml" in lines[4]
    assert "lab: not deployed." in said.err


def test_an_author_cannot_write_onto_the_terminal(call: Call, models: Models, cluster: Cluster) -> None:
    command(models.root, "commit", "-q", "--amend", "--no-edit", "--author", "Re\x1b[31md <r@example.com>")
    said = call("model", "history", *MODEL)
    assert "\x1b" not in said.out
    assert r"Re\x1b[31md" in said.out


def test_history_says_what_is_deployed(call: Call, models: Models, cluster: Cluster) -> None:
    place = engine_workspace.workspace(models.root, "lab")
    seldon: dict[str, Any] = {
        "apiVersion": "machinelearning.seldon.io/v1",
        "kind": "SeldonDeployment",
        "metadata": {"name": "grader", "namespace": "vision"},
        "spec": {"predictors": [{"name": "v11", "labels": {"version": "11"}, "traffic": 100}]},
    }
    write_state(place, "vision.lab", [{**resource("vision.lab", "SeldonDeployment", "grader"), "inputs": seldon}])
    said = call("model", "history", *MODEL)
    assert "lab: deployed 2026-11-24T04:00:27" in said.err
    assert "v11 11 (100 %)" in said.err


def test_history_without_an_engine_is_gits_alone(call: Call, models: Models) -> None:
    said = call("model", "history", *MODEL)
    assert said.code == 0
    assert len(said.out.splitlines()) == 4
    assert "lab: what is deployed cannot be read: " in said.err


def test_history_of_a_shallow_clone(
    call: Call, models: Models, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(tmp_path, "clone", "-q", "--depth", "1", f"file://{models.root}", "clone")
    monkeypatch.chdir(tmp_path / "clone")
    said = call("model", "history", *MODEL)
    assert len(said.out.splitlines()) == 2
    assert "git fetch --unshallow" in said.err


def test_status_of_what_is_as_the_file_says(call: Call, cluster: Cluster) -> None:
    cluster(LiveModel((STABLE, replace(CANARY, ready=1)), state="Available"))
    said = call("model", "status", *MODEL)
    assert said.code == 0
    assert [line.split() for line in said.out.splitlines()] == [
        ["FILE", "VERSION", "DEPLOYED", "ROUTED", "READY"],
        ["stable", "12", "90", "%", "90", "%", "1/1"],
        ["candidate", "13", "10", "%", "10", "%", "1/1"],
    ]
    assert said.err == "Objectives: latency_p95_ms 200, availability 0.995.\n"
    assert call("model", "status", *MODEL, "--output", "json").json["notes"] == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "Not deployed. Next: tenantry preview, tenantry up."),
        (LiveModel((STABLE, CANARY), state="Creating"), "Creating."),
        (LiveModel((STABLE, CANARY), state="Failed", description="no image"), "Failed: no image."),
        (LiveModel((replace(STABLE, share="100 %"),), state="Available"), "something else than the file says"),
        (LiveModel((replace(STABLE, version="11"), CANARY), state="Available"), "something else than the file says"),
    ],
)
def test_status_leaves_with_3_where_something_is_to_be_known(
    call: Call, cluster: Cluster, found: LiveModel | None, words: str
) -> None:
    cluster(found)
    said = call("model", "status", *MODEL)
    assert said.code == 3
    assert words in said.err
    assert "unexpected" not in said.err
    assert words in call("model", "status", *MODEL, "--output", "json").json["notes"][0]


def test_a_shadow_is_as_its_file_says(call: Call, models: Models, cluster: Cluster) -> None:
    models.write(WAITING.replace("{strategy: canary, traffic: 10, steps: [10, 50]}", "{strategy: shadow, mirror: 40}"))
    cluster(LiveModel((replace(STABLE, share="100 %"), replace(CANARY, share="shadow 40 %")), state="Available"))
    assert call("model", "status", *MODEL).code == 0
    models.write(TWELVE)
    cluster(LiveModel((replace(STABLE, share="100 %"),), state="Available"))
    assert call("model", "status", *MODEL).code == 0


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KubeError(404, "NoKind", "none"), "lab knows no SeldonDeployments: serving was never up"),
        (KubeError(403, "Forbidden", "you may not"), "you may not"),
    ],
)
def test_status_of_a_cluster_that_cannot_say(
    call: Call, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, error: KubeError, words: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(live, "of_cluster", fails)
    said = call("model", "status", *MODEL, "--env", "lab")
    assert said.code == 3
    assert words in said.err


def test_a_sandbox_runs_no_operator_and_is_as_well_as_it_can_be(call: Call, cluster: Cluster) -> None:
    cluster(LiveModel((STABLE, CANARY)))
    said = call("model", "status", *MODEL)
    assert said.code == 0
    assert "A sandbox runs no operator" in said.err
    cluster(LiveModel((STABLE,)))
    assert call("model", "status", *MODEL).code == 3


def test_elsewhere_an_operator_has_to_look(
    call: Call, models: Models, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = engine_workspace.workspace(models.root, "lab")
    real = place.environment.model_copy(
        update={"cluster": place.environment.cluster.model_copy(update={"kind": "eks"})}
    )
    monkeypatch.setattr(engine_workspace, "workspace", lambda *_: replace(place, environment=real))
    cluster(LiveModel((STABLE, CANARY)))
    said = call("model", "status", *MODEL)
    assert said.code == 3
    assert "No operator has looked at it" in said.err


def test_list_shows_the_mistakes_of_every_team(call: Call, models: Models) -> None:
    models.write("id: [")
    add(models.root, TENANT.replace("vision", "nlp"), "nlp")
    other = models.root / "tenants/nlp/models/other.yaml"
    other.parent.mkdir()
    other.write_text("id: {")
    assert "2 problems in 2 files" in call("model", "list").err
