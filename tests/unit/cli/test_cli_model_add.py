"""`tenantry model add`: a new model's file, or a candidate in one that is there."""

from __future__ import annotations

import pytest

from tenantry.catalog import load_tenant
from tenantry.model_spec import ModelSpec
from tests.unit.cli.calling import REPOSITORY, Call, Called
from tests.unit.cli.models_seam import DIGEST, FILE, TWELVE, WAITING, Models, models, template
from tests.unit.registry.mlflow_double import Mlflow, mlflow

__all__ = ["mlflow", "models", "template"]

NEW = ("model", "add", "vision", "forecast")
CANDIDATE = ("model", "add", "vision", "grader")
EVIDENCE = ("--metric", "auc=0.92", "--dataset", DIGEST, "--report", "s3://artifacts/reports/13")
FIRST = ("--runtime", "sklearn", "--version", "1", "--uri", "s3://artifacts/models/forecast/1", "--gate-min", "auc=0.9")
THIRTEEN = ("--version", "13", "--uri", "s3://artifacts/models/grader/13")
PATH = "tenants/vision/models/forecast.yaml"


def spec(models: Models, model: str) -> ModelSpec:
    [found] = [one.spec for one in load_tenant(models.root, "vision", "lab").models if one.spec.id == model]
    return found


def refused(said: Called, code: int, *words: str) -> None:
    assert said.code == code, said.err
    assert [word for word in words if word not in said.err] == [], said.err
    assert not said.out


def test_the_first_version_makes_the_file(call: Call, models: Models) -> None:
    said = call(*NEW, *FIRST, *EVIDENCE, "--approved-by", "lead@example.com", "--yes")
    assert said.code == 0
    text = (models.root / PATH).read_text()
    assert text.startswith("# yaml-language-server: $schema=../../model.schema.json\n## ")
    found = spec(models, "forecast")
    assert found.stable.model_dump(exclude_none=True) == {
        "version": "1",
        "uri": "s3://artifacts/models/forecast/1",
        "evidence": {"dataset": DIGEST, "report": "s3://artifacts/reports/13", "auc": 0.92},
        "approved_by": "lead@example.com",
    }
    assert (found.resources.cpu, found.resources.memory, found.replicas.highest) == (1, "2Gi", 1)
    assert "**Gate:** passed" in said.out


def test_the_schema_that_its_first_line_names_is_there(call: Call, models: Models) -> None:

    line = call(*NEW, *FIRST, "--dry-run").err.split("$schema=")[1].split()[0]
    assert (REPOSITORY / PATH).parent.joinpath(line).resolve() == REPOSITORY / "tenants/model.schema.json"
    assert (REPOSITORY / "tenants/model.schema.json").is_file()


def test_every_setting_of_a_new_model(call: Call, models: Models) -> None:
    said = call(
        *NEW,
        *("--runtime", "huggingface", "--task", "text-classification", "--cpu", "0.5", "--memory", "512Mi"),
        *("--gpus", "a10g=1", "--replicas", "1", "--max-replicas", "2"),
        *("--gate-max", "loss=0.2", "--max-regression", "loss=0.00000001", "--gate-min", "auc=1"),
        *("--version", "0777", "--uri", "s3://artifacts/models/forecast/1", "--metric", "loss=-0.5", "--run", "4be9"),
        "--yes",
    )
    assert said.code == 0, said.err
    assert spec(models, "forecast").model_dump(exclude_none=True, exclude_defaults=True) == {
        "id": "forecast",
        "runtime": "huggingface",
        "task": "text-classification",
        "resources": {"cpu": 0.5, "memory": "512Mi", "gpu": {"flavor": "a10g"}},
        "replicas": {"max": 2},
        "stable": {
            "version": "0777",
            "uri": "s3://artifacts/models/forecast/1",
            "evidence": {"run": "4be9", "loss": -0.5},
        },
        "gate": {"auc": {"min": 1}, "loss": {"max": 0.2, "max_regression": 1e-8}},
    }
    assert "tenantry check refuses the file" in said.out


def test_a_container_of_ones_own(call: Call, models: Models) -> None:
    image = f"docker.io/library/embed@sha256:{'1' * 64}"
    words = ("--runtime", "custom", "--version", "1.0.0", "--image", image, "--gate-min", "auc=0.9")
    assert call(*NEW, *words, "--yes").code == 0
    assert spec(models, "forecast").stable.image == image


def test_what_is_missing_is_said_at_once(call: Call, models: Models) -> None:
    said = call(*NEW, "--yes")
    refused(said, 2, "missing: --version or --registry, --runtime, --gate-min or --gate-max.")
    assert not (models.root / PATH).exists()


def test_a_file_that_would_not_be_accepted_is_not_written(call: Call, models: Models) -> None:
    said = call(*NEW, *FIRST, "--memory", "lots", "--uri", "s3://artifacts-of-another/models/1", "--yes")
    refused(said, 1, f"{PATH}:6:", "resources.memory")
    assert not (models.root / PATH).exists()
    said = call(*NEW, *FIRST, "--uri", "s3://another/models/1", "--yes")
    refused(said, 1, "stable.uri: another is not the store of vision")
    assert not (models.root / PATH).exists()


@pytest.mark.parametrize("name", ["../nlp/x", "A", "-x", "a--b", "grader.yaml"])
def test_a_name_that_is_none(call: Call, models: Models, name: str) -> None:
    refused(call("model", "add", "vision", "--yes", *FIRST, "--", name), 2, "is not a DNS label")


def test_the_first_version_gets_all_traffic(call: Call, models: Models) -> None:
    said = call(*NEW, *FIRST, "--canary", "10", "--yes")
    refused(said, 2, "--canary: the first version of a model gets all traffic")


def test_a_candidate_stands_below_stable(call: Call, models: Models) -> None:
    models.write(TWELVE)
    said = call(*CANDIDATE, *THIRTEEN, *EVIDENCE, "--canary", "10", "--steps", "10,25", "--yes")
    assert said.code == 0
    candidate = spec(models, "grader").candidate
    assert candidate is not None
    assert candidate.rollout.model_dump(exclude_none=True) == {"strategy": "canary", "traffic": 10, "steps": (10, 25)}
    assert "| candidate | `none` | `13, canary 10 %, steps 10, 25` |" in said.out
    assert call("model", "abort", "vision", "grader", "--yes").code == 0
    assert models.text == TWELVE


def test_a_shadow(call: Call, models: Models) -> None:
    models.write(TWELVE)
    said = call(*CANDIDATE, *THIRTEEN, *EVIDENCE, "--shadow", "100", "--yes")
    assert "| traffic | `stable 100 %` | `stable 100 %, candidate 0 %` |" in said.out
    candidate = spec(models, "grader").candidate
    assert candidate is not None
    assert candidate.rollout.mirror == 100


def test_a_candidate_is_never_replaced(call: Call, models: Models) -> None:
    said = call(*CANDIDATE, "--version", "14", "--uri", "s3://artifacts/models/grader/14", "--canary", "5", "--yes")
    refused(said, 1, f"{FILE}:9:1: candidate: has a candidate already", "Promote it or abort it first")
    assert models.text == WAITING


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "--canary PERCENT and --shadow PERCENT"),
        (("--canary", "10", "--shadow", "10"), "--canary PERCENT and --shadow PERCENT"),
        (("--shadow", "10", "--steps", "10,20"), "--steps belong to --canary"),
        (("--canary", "10", "--steps", "10,b"), "as in --steps 10,25,50"),
        (("--canary", "10", "--runtime", "mlflow"), "--runtime: tenants/vision/models/grader.yaml is there"),
        (("--canary", "10", "--cpu", "2", "--gate-min", "auc=1"), "--cpu, --gate-min: "),
        (("--canary", "ten"), "ten"),
        (("--canary", "10", "--metric", "auc"), '--metric "auc" is no metric with its number'),
        (("--canary", "10", "--metric", "auc=1e3"), "--metric auc=0.91"),
        (("--canary", "10", "--metric", "auc=true"), "--metric auc=0.91"),
    ],
)
def test_misuse(call: Call, models: Models, words: tuple[str, ...], why: str) -> None:
    models.write(TWELVE)
    refused(call(*CANDIDATE, *THIRTEEN, *words, "--yes"), 2, why)
    assert models.text == TWELVE


@pytest.mark.parametrize("percent", ["0", "100", "101"])
def test_a_canary_gets_some_and_not_all(call: Call, models: Models, percent: str) -> None:
    models.write(TWELVE)
    said = call(*CANDIDATE, *THIRTEEN, *EVIDENCE, "--canary", percent, "--yes")
    refused(said, 1, "candidate.rollout.traffic", "from 1 to 99")
    assert models.text == TWELVE


def test_a_candidate_that_is_stable_already(call: Call, models: Models) -> None:
    models.write(TWELVE)
    said = call(*CANDIDATE, "--version", "12", "--uri", "s3://artifacts/models/grader/12", "--canary", "5", "--yes")
    refused(said, 1, 'candidate.version: is "12", and so is stable', "both versions would serve the same")
    assert models.text == TWELVE


def test_an_override_is_for_what_does_not_pass(call: Call, models: Models) -> None:
    models.write(TWELVE)
    words = ("--canary", "5", "--override", "--reason", "The new camera has no labels yet.", "--approved-by", "h@b.co")
    refused(call(*CANDIDATE, *THIRTEEN, *EVIDENCE, *words, "--yes"), 2, "nothing to override")
    assert call(*CANDIDATE, *THIRTEEN, *words, "--yes").code == 0
    candidate = spec(models, "grader").candidate
    assert candidate is not None
    assert candidate.override is not None
    assert (candidate.approved_by, candidate.override.approved_by) == ("h@b.co", "h@b.co")


def test_a_registry_says_version_address_and_evidence(call: Call, models: Models, mlflow: Mlflow) -> None:
    models.write(TWELVE)
    mlflow.version("grader", "13", run="4be9", aliases=["next"])
    mlflow.run("4be9", {"auc": 0.925, "val loss (%)": 0.1, "tiny": 1e-9}, [("parts", DIGEST, "training")])
    words = ("--registry", "models:/grader@next", "--registry-url", mlflow.url, "--canary", "10")
    said = call(*CANDIDATE, *words, "--report", "s3://artifacts/reports/13", "--yes")
    assert said.code == 0, said.err
    candidate = spec(models, "grader").candidate
    assert candidate is not None
    assert candidate.model_dump(exclude_none=True, exclude={"rollout"}) == {
        "version": "13",
        "uri": "s3://artifacts/registry/1/models/m-13/artifacts",
        "registry": "models:/grader/13",
        "evidence": {
            "dataset": DIGEST,
            "report": "s3://artifacts/reports/13",
            "run": "4be9",
            "auc": 0.925,
            "tiny": 1e-9,
        },
    }
    assert "Left out val loss (%)" in said.err
    assert "**Gate:** passed" in said.out


def test_a_short_digest_is_left_out_and_the_gate_says_so(call: Call, models: Models, mlflow: Mlflow) -> None:
    models.write(TWELVE)
    mlflow.version("grader", "13", run="4be9")
    mlflow.run("4be9", {"auc": 0.925}, [("parts", "8f3a1c2d", "training")])
    words = ("--registry", "models:/grader/13", "--url", mlflow.url, "--canary", "10", "--dry-run")
    said = call(*CANDIDATE, *words)
    assert "Left out dataset" in said.err
    assert "evidence names no data set" in said.out


def test_a_registry_that_does_not_know_it(call: Call, models: Models, mlflow: Mlflow) -> None:
    models.write(TWELVE)
    said = call(*CANDIDATE, "--registry", "models:/grader/99", "--url", mlflow.url, "--canary", "10", "--yes")
    assert said.code == 1
    assert models.text == TWELVE


def test_a_registry_needs_an_address(call: Call, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    models.write(TWELVE)
    said = call(*CANDIDATE, "--registry", "models:/grader/13", "--canary", "10", "--yes")
    refused(said, 2, "which registry?", "MLFLOW_TRACKING_URI")
