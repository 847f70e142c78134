"""What a registry takes, and which release a team gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tenantry.catalog import load_tenant
from tenantry.errors import InputError
from tenantry.pipelines.footprint import Footprint
from tenantry.registry.footprint import artifacts_of, footprint, footprint_of
from tenantry.registry.stores import ON_VOLUME, OWN_DATABASE, external_database
from tenantry.versions import REGISTRY, REGISTRY_VERSION, registry_release

ROOT = Path(__file__).parents[3]


def test_what_one_team_takes() -> None:
    vision = load_tenant(ROOT, "vision", "sandbox")
    assert footprint_of(vision) == Footprint(pods=2, cpu=150, memory=640, memory_limit=2560, storage=10)
    assert artifacts_of(vision).destination == "s3://mlpipeline/registry"


def test_a_team_without_pipelines_has_a_volume_for_its_models() -> None:
    vision = load_tenant(ROOT, "vision", "sandbox")
    alone = replace(vision, spec=vision.spec.model_copy(update={"pipelines": False}))
    assert artifacts_of(alone) == ON_VOLUME
    assert footprint_of(alone) == footprint(OWN_DATABASE, ON_VOLUME)
    assert footprint_of(alone).storage == 60


def test_what_is_elsewhere_takes_nothing_here() -> None:
    there = footprint(external_database("db.example.com", "rds"), ON_VOLUME)
    assert there == Footprint(pods=1, cpu=100, memory=512, memory_limit=2048, storage=50)


def test_one_team_goes_first() -> None:
    assert registry_release("vision.prod") == REGISTRY[REGISTRY_VERSION]
    with pytest.raises(
        InputError, match=r'no release "9" of MLflow, which vision.prod is to get\. Known: 3\.13\.0'
    ) as caught:
        registry_release("vision.prod", {"vision.prod": "9"})
    assert caught.value.problems[0].key == "REGISTRY_CANARIES.vision.prod"


def test_every_release_brings_its_drivers() -> None:
    for version, release in REGISTRY.items():
        assert release.version == version
        assert release.images["mlflow"] == f"ghcr.io/mlflow/mlflow:v{version}-full"
