"""A reference becomes what stands in a model's file."""

from __future__ import annotations

import pytest

from tenantry.registry.client import Client, UnknownVersionError
from tenantry.registry.resolve import ResolvedVersion, resolve
from tests.unit.registry.mlflow_double import Mlflow, mlflow

__all__ = ["mlflow"]

DIGEST = f"sha256:{'a' * 64}"


@pytest.fixture
def trained(mlflow: Mlflow) -> Mlflow:
    mlflow.version("defect-detector", "13", run="run", aliases=["champion"])
    data = [("parts", DIGEST, "training"), ("held-out", "x", "validation")]
    mlflow.run("run", {"auc": 0.91, "loss": "NaN"}, data, mlflow__source__git__commit="c0ffee")
    return mlflow


@pytest.mark.parametrize("reference", ["models:/defect-detector/13", "models:/defect-detector@champion"])
def test_all_that_a_file_needs(trained: Mlflow, reference: str) -> None:
    assert resolve(Client(trained.url), reference) == ResolvedVersion(
        version="13",
        reference="models:/defect-detector/13",
        uri="s3://artifacts/registry/1/models/m-13/artifacts",
        evidence={"auc": 0.91, "dataset": DIGEST, "run": "run"},
        run_id="run",
        dataset_digest=DIGEST,
        code_revision="c0ffee",
    )


@pytest.mark.parametrize(
    ("storage", "uri"),
    [
        ("mlflow-artifacts://registry:5000/2/r/artifacts/model", "s3://artifacts/registry/2/r/artifacts/model"),
        ("s3://artifacts/models/detector/4", "s3://artifacts/models/detector/4"),
    ],
)
def test_where_the_files_are(mlflow: Mlflow, storage: str, uri: str) -> None:
    mlflow.version("detector", "4", storage=storage)
    assert resolve(Client(mlflow.url), "models:/detector/4").uri == uri


def test_a_version_of_no_run_has_no_evidence(mlflow: Mlflow) -> None:
    mlflow.version("detector", "1")
    found = resolve(Client(mlflow.url), "models:/detector/1")
    assert (found.evidence, found.run_id, found.dataset_digest, found.code_revision) == ({}, None, None, None)


@pytest.mark.parametrize(
    ("datasets", "digest"),
    [
        ([("a", "1", "")], "1"),
        ([("a", "1", "validation")], "1"),
        ([("a", "1", ""), ("b", "2", "")], None),
        ([("a", "1", "training"), ("b", "2", "training")], None),
        ([("a", "1", "validation"), ("b", "2", "training")], "2"),
    ],
)
def test_data_is_named_only_where_it_is_clear_which(
    mlflow: Mlflow, datasets: list[tuple[str, str, str]], digest: str | None
) -> None:
    mlflow.version("detector", "1", run="run")
    mlflow.run("run", {}, datasets)
    found = resolve(Client(mlflow.url), "models:/detector/1")
    assert (found.dataset_digest, found.evidence.get("dataset")) == (digest, digest)


def test_a_version_that_is_not_ready_cannot_be_served(mlflow: Mlflow) -> None:
    mlflow.version("detector", "1", status="PENDING_REGISTRATION")
    with pytest.raises(UnknownVersionError, match="is PENDING_REGISTRATION, not READY"):
        resolve(Client(mlflow.url), "models:/detector/1")


@pytest.mark.parametrize(
    "reference", ["detector/1", "models:/detector", "models:/detector/x", "models:/a/b/1", "runs:/r"]
)
def test_what_names_no_version_is_refused_before_anybody_is_asked(mlflow: Mlflow, reference: str) -> None:
    with pytest.raises(UnknownVersionError, match=r"names no version\. Write it as in models:/defect-detector/13"):
        resolve(Client(mlflow.url), reference)
    assert mlflow.asked == []
