"""What the rules know of one tenant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from components.queue import cluster_queue_spec
from tenantry.catalog import EffectiveTenant, load_environment, load_tenant
from tenantry.guards.parameters import flavors, foreign_products, listed, node_pools, parameters

ROOT = Path(__file__).parents[2]
REGISTRIES = ",".join(load_environment(ROOT, "sandbox").image_registries)
"""Those that the environment's file lists; it is the platform team's."""


def tenant(name: str) -> EffectiveTenant:
    return load_tenant(ROOT, name, "sandbox")


def test_the_whole_of_a_team_with_gpus() -> None:
    assert parameters(tenant("vision")) == {
        "tenant": "vision",
        "node-pools": "a10g,general,h100",
        "gpu-products": "NVIDIA-A10G,NVIDIA-H100-80GB-HBM3",
        "foreign-gpu-products": "",
        "priority-classes": "tenantry-standard",
        "image-registries": REGISTRIES,
        "image-digest": "optional",
        "models-by-hand": "allowed",
        "model-replicas": "8",
        "resource-names": "cpu,memory,ephemeral-storage,nvidia.com/gpu",
        "storage-classes": "standard",
        "hosts": "vision.ml.sandbox.test",
        "artifact-buckets": "tenantry-sandbox-vision-artifacts",
    }


def test_the_whole_of_a_team_without() -> None:
    assert parameters(tenant("forecasting")) == {
        "tenant": "forecasting",
        "node-pools": "general",
        "gpu-products": "",
        "foreign-gpu-products": "NVIDIA-A10G,NVIDIA-H100-80GB-HBM3",
        "priority-classes": "tenantry-standard",
        "image-registries": REGISTRIES,
        "image-digest": "optional",
        "models-by-hand": "allowed",
        "model-replicas": "4",
        "resource-names": "cpu,memory,ephemeral-storage",
        "storage-classes": "standard",
        "hosts": "forecasting.ml.sandbox.test",
        "artifact-buckets": "tenantry-sandbox-forecasting-artifacts",
    }


def test_one_flavor_is_one_pool_and_the_others_are_foreign() -> None:
    vision = tenant("vision")
    quota = vision.spec.quota.model_copy(update={"gpus": {"h100": 1, "a10g": 0}, "borrow": False})
    one = replace(vision, spec=vision.spec.model_copy(update={"quota": quota}))
    assert (flavors(one), node_pools(one), foreign_products(one)) == (("h100",), ("general", "h100"), ("NVIDIA-A10G",))


def test_a_tier_may_demand_that_models_are_approved() -> None:
    """Then none may come from a hand that nobody looked over."""
    vision = tenant("vision")
    tier = vision.environment.tiers["standard"].model_copy(update={"model_approval": True})
    environment = vision.environment.model_copy(update={"tiers": {"standard": tier}})
    assert parameters(replace(vision, environment=environment))["models-by-hand"] == "refused"


def test_a_tier_may_demand_digests() -> None:
    vision = tenant("vision")
    tier = vision.environment.tiers["standard"].model_copy(update={"image_digests": True})
    environment = vision.environment.model_copy(update={"tiers": {"standard": tier}})
    assert parameters(replace(vision, environment=environment))["image-digest"] == "required"


@pytest.mark.parametrize("name", ["vision", "nlp", "forecasting"])
@pytest.mark.parametrize("ceiling", [0, 6, 12])
def test_flavors_are_those_of_the_teams_queue(name: str, ceiling: int) -> None:
    """Two places must agree: what the queue admits and where its pods may go."""
    team = tenant(name)
    tier = team.environment.tiers[team.spec.tier]
    changed = tier.model_copy(update={"ceilings": tier.ceilings.model_copy(update={"gpus": ceiling})})
    tiers = {**team.environment.tiers, team.spec.tier: changed}
    team = replace(team, environment=team.environment.model_copy(update={"tiers": tiers}))
    spec = cluster_queue_spec(name, team.spec.quota, ceiling, ("a10g", "h100"), "active")
    queued = [flavor["name"] for group in spec["resourceGroups"][1:] for flavor in group["flavors"]]
    assert list(flavors(team)) == queued


def test_no_item_of_a_list_has_a_comma() -> None:
    for name in ("vision", "nlp", "forecasting"):
        for key, value in parameters(tenant(name)).items():
            assert value == ",".join(item for item in value.split(",") if item), key


def test_an_empty_list_has_no_empty_item() -> None:
    assert listed("hosts") == "params.data['hosts'].split(',').filter(item, item != '')"
