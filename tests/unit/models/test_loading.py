"""Models as they are found in a tenant's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.catalog import load_catalog, load_tenant
from tenantry.errors import InputError
from tenantry.models import addresses
from tenantry.names import MODEL_ID_MAX, PREDICTOR_MAX, model_deployment, model_file, predictor
from tests.unit.projects import CASES, TENANT, add, project

EVERY_KEY = CASES / "valid/models-every-key"
BROKEN = "id: broken\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project(tmp_path / "project", EVERY_KEY)


@pytest.mark.parametrize(
    ("environment", "served"), [("lab", ["defect-detector", "embeddings", "sentiment"]), ("prod", ["defect-detector"])]
)
def test_a_stack_sees_what_the_catalog_sees(root: Path, environment: str, served: list[str]) -> None:
    alone, among = load_tenant(root, "vision", environment), load_catalog(root).effective("vision", environment)
    assert alone.models == among.models
    assert [model.spec.id for model in alone.models] == served
    assert [model.source for model in alone.models] == [model_file("vision", name) for name in served]


def test_the_catalog_knows_every_model(root: Path) -> None:
    assert load_catalog(root).tenants["vision"].models == ("defect-detector", "embeddings", "sentiment")


def test_a_stack_reads_no_other_teams_models(root: Path) -> None:
    file = add(root, TENANT.replace("id: vision", "id: nlp").replace("ml-vision", "ml-nlp"), "nlp")
    (file.parent / "models").mkdir()
    (file.parent / "models/broken.yaml").write_text(BROKEN)
    assert load_tenant(root, "vision", "lab").models
    with pytest.raises(InputError, match=r"tenants/nlp/models/broken\.yaml"):
        load_tenant(root, "nlp", "lab")
    with pytest.raises(InputError, match=r"tenants/nlp/models/broken\.yaml"):
        load_catalog(root)


def test_a_stack_is_not_made_of_what_could_be_read(root: Path) -> None:
    folder = root / "tenants/vision/models"
    (folder / "broken.yaml").write_text(BROKEN)
    (folder / "notes.txt").write_text("x")
    (folder / "link.yaml").symlink_to(folder / "sentiment.yaml")
    with pytest.raises(InputError) as caught:
        load_tenant(root, "vision", "lab")
    assert {problem.path.rpartition("/")[2] for problem in caught.value.problems} == {
        "broken.yaml",
        "link.yaml",
        "notes.txt",
    }


def test_a_linked_folder_is_refused(root: Path, tmp_path: Path) -> None:
    folder = root / "tenants/vision/models"
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is not a folder"):
        load_tenant(root, "vision", "lab")


def test_a_problem_has_its_place(root: Path) -> None:
    detector = load_tenant(root, "vision", "prod").models[0]
    place = detector.problem("is odd", "Change it", "candidate", "rollout", "traffic")
    assert str(place).startswith("tenants/vision/models/defect-detector.yaml:31:40: candidate.rollout.traffic: is odd.")
    assert detector.problem("is missing", "Write it", "candidate", "image").line == 19


@pytest.mark.parametrize("version", ["1", "12345678", "123456789", "2026.11.1", "V1", "x" * 63])
def test_the_longest_id_makes_names_that_fit(version: str) -> None:
    assert len(predictor(version)) <= PREDICTOR_MAX
    assert len(model_deployment("x" * MODEL_ID_MAX, predictor(version))) <= 63
    assert len(model_deployment("x" * MODEL_ID_MAX, "v" * PREDICTOR_MAX)) == 63


@pytest.mark.parametrize("bucket", ["artifacts", "mlpipeline"])
def test_an_address_becomes_the_one_of_the_store(bucket: str) -> None:
    uri = f"s3://{bucket}/models/a/1"
    assert addresses.is_own(uri, "vision")
    assert addresses.resolved(uri, "vision") == "s3://mlpipeline/models/a/1"


@pytest.mark.parametrize("bucket", ["artifacts-of-nlp", "mlpipelines", "tenantry-prod-vision-artifacts"])
def test_another_bucket_is_not_the_teams_own(bucket: str) -> None:
    assert not addresses.is_own(f"s3://{bucket}/artifacts/a", "vision")
