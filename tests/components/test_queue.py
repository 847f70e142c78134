"""Guaranteed, borrowed and lent, in Kueue's words."""

from __future__ import annotations

from typing import Any

import pytest

from components.metadata import Marks
from components.queue import Queue, QueueArgs, cluster_queue_spec, gpu_group
from tenantry.catalog import EffectiveTenant
from tenantry.tenant_spec import QuotaSpec
from tests.components.conftest import Declare

QUOTA = QuotaSpec(cpu=64, memory="256Gi", storage="1Ti", pods=20, gpus={"a10g": 4}, borrow=True)
FLAVORS = ("a10g", "h100")


def quota(**changes: Any) -> QuotaSpec:
    return QUOTA.model_copy(update=changes)


def amounts(group: dict[str, Any] | None) -> dict[str, tuple[str, str]]:
    """Nominal quota and borrowing limit by flavor."""
    found = {}
    for flavor in group["flavors"] if group else []:
        [gpu] = flavor["resources"]
        assert gpu["name"] == "nvidia.com/gpu"
        found[flavor["name"]] = (gpu["nominalQuota"], gpu["borrowingLimit"])
    return found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"a10g": ("4", "8"), "h100": ("0", "8")}),
        ({"gpus": {}}, {"a10g": ("0", "12"), "h100": ("0", "12")}),
        ({"borrow": False}, {"a10g": ("4", "0")}),
        ({"gpus": {"a10g": 12}}, {"a10g": ("12", "0")}),
        ({"gpus": {"h100": 0}, "borrow": False}, {}),
    ],
)
def test_gpus_by_flavor(changes: dict[str, Any], expected: dict[str, tuple[str, str]]) -> None:
    assert amounts(gpu_group(quota(**changes), 12, FLAVORS)) == expected


def test_the_whole_of_the_cluster_queue() -> None:
    assert cluster_queue_spec("vision", quota(borrow=False), 12, FLAVORS, "active") == {
        "cohortName": "tenantry",
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "vision"}},
        "preemption": {"reclaimWithinCohort": "Any", "withinClusterQueue": "LowerPriority"},
        "resourceGroups": [
            {
                "coveredResources": ["cpu", "memory"],
                "flavors": [
                    {
                        "name": "any-node",
                        "resources": [
                            {"name": "cpu", "nominalQuota": "64", "borrowingLimit": "0"},
                            {"name": "memory", "nominalQuota": "256Gi", "borrowingLimit": "0"},
                        ],
                    }
                ],
            },
            {
                "coveredResources": ["nvidia.com/gpu"],
                "flavors": [
                    {
                        "name": "a10g",
                        "resources": [{"name": "nvidia.com/gpu", "nominalQuota": "4", "borrowingLimit": "0"}],
                    }
                ],
            },
        ],
        "stopPolicy": "None",
    }


@pytest.mark.parametrize(("lifecycle", "policy"), [("frozen", "Hold"), ("offboarding", "HoldAndDrain")])
def test_a_team_that_is_not_active_is_admitted_nothing(lifecycle: Any, policy: str) -> None:
    assert cluster_queue_spec("vision", QUOTA, 12, FLAVORS, lifecycle)["stopPolicy"] == policy


def test_a_queue_of_the_cluster_and_one_of_the_namespace(declare: Declare, marks: Marks, nlp: EffectiveTenant) -> None:
    args = QueueArgs(
        marks=marks,
        tenant="nlp",
        namespace="nlp",
        quota=nlp.spec.quota,
        gpu_ceiling=4,
        node_pools=nlp.environment.node_pools,
        lifecycle="active",
    )
    component, shared, local = declare(lambda: Queue("nlp-queue", args))
    assert component.type == "tenantry:tenant:Queue"
    assert shared.type == "kubernetes:kueue.x-k8s.io/v1beta2:ClusterQueue"
    assert "namespace" not in shared.inputs["metadata"]
    assert amounts(shared.inputs["spec"]["resourceGroups"][1]) == {"a10g": ("0", "4"), "h100": ("0", "4")}
    assert local.type == "kubernetes:kueue.x-k8s.io/v1beta2:LocalQueue"
    assert local.inputs["spec"] == {"clusterQueue": "nlp", "stopPolicy": "None"}
    assert local.inputs["metadata"]["name"] == "default"
    assert shared.urn in local.dependencies
