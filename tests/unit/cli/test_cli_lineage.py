"""`tenantry lineage` against a registry that answers as MLflow does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.calling import Call
from tests.unit.registry.mlflow_double import Mlflow, mlflow

__all__ = ["mlflow"]


@pytest.fixture
def registry(mlflow: Mlflow, monkeypatch: pytest.MonkeyPatch) -> Mlflow:
    """One traced version and one that nobody can trace."""
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    mlflow.version("defect-detector", "13", run="r1", aliases=["champion"])
    mlflow.version("defect-detector", "12")
    mlflow.run(
        "r1",
        {"auc": 0.91, "loss": "NaN"},
        [("parts", "sha256:ab", "training")],
        mlflow__source__git__commit="c0ffee",
        mlflow__source__git__repoURL="https://git.example.com/vision/detector",
    )
    return mlflow


def test_for_a_person(call: Call, project: Path, registry: Mlflow) -> None:
    said = call("lineage", "vision", "defect-detector", "--url", registry.url)
    assert (said.code, said.err) == (0, "")
    assert [line.split(maxsplit=1) for line in said.out.splitlines()] == [
        ["WHAT", "VALUE"],
        ["model", "defect-detector 13 @champion"],
        ["status", "READY"],
        ["files", "mlflow-artifacts:/1/models/m-13/artifacts"],
        ["run", "named-r1 (r1), FINISHED"],
        ["pipeline", "run  none"],
        ["data", "parts sha256:ab (training)"],
        ["code", "c0ffee https://git.example.com/vision/detector"],
        ["metrics", "auc 0.91, loss nan"],
    ]


def test_for_a_program(call: Call, project: Path, registry: Mlflow) -> None:
    said = call("lineage", "vision", "defect-detector", "@champion", "--url", registry.url, "-o", "json")
    assert said.code == 0
    assert said.json == {
        "model": "defect-detector",
        "version": "13",
        "status": "READY",
        "aliases": ["champion"],
        "artifacts": "mlflow-artifacts:/1/models/m-13/artifacts",
        "run": {
            "id": "r1",
            "name": "named-r1",
            "status": "FINISHED",
            "pipeline_run": None,
            "datasets": [{"name": "parts", "digest": "sha256:ab", "context": "training"}],
            "code": {"revision": "c0ffee", "repository": "https://git.example.com/vision/detector"},
            "metrics": {"auc": 0.91, "loss": None},
        },
        "missing": [],
    }


def test_what_is_missing_is_said(call: Call, project: Path, registry: Mlflow) -> None:
    said = call("lineage", "vision", "defect-detector", "12", "--url", registry.url)
    assert said.code == 0
    assert said.out.splitlines()[-1] == "missing  run, dataset, code revision: see docs/registry.md"


def test_address_and_token_from_mlflows_own_variables(
    call: Call, project: Path, registry: Mlflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry.url)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "hush")
    assert call("lineage", "vision", "defect-detector", "12").code == 0
    assert {token for _, _, token in registry.asked} == {"Bearer hush"}


def test_a_model_that_is_not_there_is_the_askers_mistake(call: Call, project: Path, registry: Mlflow) -> None:
    said = call("lineage", "vision", "nope", "--url", registry.url)
    assert said.code == 1
    assert "Registered Model with name=nope not found" in said.err


def test_a_registry_that_does_not_answer_is_not(call: Call, project: Path, registry: Mlflow) -> None:
    registry.instead = (503, b"upstream connect error")
    said = call("lineage", "vision", "defect-detector", "--url", registry.url)
    assert said.code == 3
    assert "no MLflow answers at" in said.err


def test_without_a_host_and_without_an_address_there_is_a_way(call: Call, project: Path, registry: Mlflow) -> None:
    said = call("lineage", "vision", "defect-detector")
    assert said.code == 2
    assert "tenantry open registry vision --forward, and then --url http://localhost:5000" in said.err


def test_a_team_without_a_registry(call: Call, project: Path, registry: Mlflow) -> None:
    file = project / "tenants/nlp/tenant.yaml"
    file.write_text(f"{file.read_text()}registry: false\n")
    said = call("lineage", "nlp", "defect-detector")
    assert said.code == 1
    assert "tenants/nlp/tenant.yaml:" in said.err
    assert "registry: is false, so nlp has no registry in sandbox" in said.err


def test_a_tenant_that_is_not_there(call: Call, project: Path, registry: Mlflow) -> None:
    said = call("lineage", "visoin", "defect-detector", "--url", registry.url)
    assert said.code == 2
    assert registry.asked == []
