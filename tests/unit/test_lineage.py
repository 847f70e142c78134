"""From a version back to its run, its data and its code."""

from __future__ import annotations

import pytest

from tenantry.lineage import Dataset, Lineage, Run, lineage_of
from tenantry.registry.client import Client, RegistryError, UnknownVersionError
from tests.unit.registry.mlflow_double import Mlflow, mlflow

__all__ = ["mlflow"]


@pytest.fixture
def traced(mlflow: Mlflow) -> Mlflow:
    """A model that a step of a pipeline trained, after a first version that nobody logged anything of."""
    mlflow.version("detector", "2", run="step", aliases=["champion", "canary"])
    mlflow.version("detector", "1")
    mlflow.run("above", kfp__pipeline_run_id="kfp-1", mlflow__source__git__commit="c0ffee")
    mlflow.run(
        "step",
        {"auc": 0.91, "loss": 0.2},
        [("parts", "sha256:ab", "training"), ("held-out", "sha256:cd", "")],
        mlflow__parentRunId="above",
    )
    return mlflow


DETECTOR = Lineage(
    model="detector",
    version="2",
    status="READY",
    aliases=("canary", "champion"),
    artifacts="mlflow-artifacts:/1/models/m-2/artifacts",
    run=Run(
        id="step",
        name="named-step",
        status="FINISHED",
        datasets=(
            Dataset(name="parts", digest="sha256:ab", context="training"),
            Dataset(name="held-out", digest="sha256:cd", context=""),
        ),
        code="c0ffee",
        repository=None,
        pipeline_run="kfp-1",
        metrics={"auc": 0.91, "loss": 0.2},
    ),
)


@pytest.mark.parametrize("version", ["2", "@champion", None])
def test_the_whole_of_it(traced: Mlflow, version: str | None) -> None:
    found = lineage_of(Client(traced.url), "detector", version)
    assert found == DETECTOR
    assert found.missing == ()


def test_what_nobody_logged_is_missing(traced: Mlflow) -> None:
    found = lineage_of(Client(traced.url), "detector", "1")
    assert found.run is None
    assert found.missing == ("run", "dataset", "code revision")
    traced.run("bare")
    traced.version("detector", "3", run="bare")
    assert lineage_of(Client(traced.url), "detector").missing == ("dataset", "code revision")


def test_the_newest_is_the_highest_number(mlflow: Mlflow) -> None:
    for number in ("9", "10"):
        mlflow.version("detector", number)
    assert lineage_of(Client(mlflow.url), "detector").version == "10"


def test_the_runs_own_commit_comes_first_with_its_own_repository(traced: Mlflow) -> None:
    traced.run("above", mlflow__source__git__commit="old", mlflow__source__git__repoURL="https://old")
    traced.run("step", mlflow__parentRunId="above", mlflow__source__git__commit="new")
    run = lineage_of(Client(traced.url), "detector", "2").run
    assert run is not None
    assert (run.code, run.repository) == ("new", None)


def test_runs_above_each_other_in_a_circle_end(mlflow: Mlflow) -> None:
    mlflow.version("detector", "1", run="a")
    mlflow.run("a", mlflow__parentRunId="b")
    mlflow.run("b", mlflow__parentRunId="a")
    assert lineage_of(Client(mlflow.url), "detector", "1").missing == ("dataset", "code revision")


@pytest.mark.parametrize(
    ("model", "version", "said"),
    [
        ("nope", "1", "Model Version .* not found"),
        ("nope", None, "Registered Model with name=nope not found"),
        ("detector", "@nobody", "alias nobody not found"),
        ("empty", None, 'the model "empty" has no version yet'),
    ],
)
def test_what_the_registry_does_not_know(traced: Mlflow, model: str, version: str | None, said: str) -> None:
    with pytest.raises(UnknownVersionError, match=said):
        lineage_of(Client(traced.url), model, version)


def test_a_run_that_was_deleted_for_good(mlflow: Mlflow) -> None:
    mlflow.version("detector", "1", run="gone")
    with pytest.raises(UnknownVersionError, match="Run with id=gone not found"):
        lineage_of(Client(mlflow.url), "detector", "1")


def test_an_answer_of_another_shape_is_refused(mlflow: Mlflow) -> None:
    mlflow.instead = (200, b"{}")
    with pytest.raises(RegistryError, match=r'has no "model_version"\. Is it MLflow 3'):
        lineage_of(Client(mlflow.url), "detector", "1")
