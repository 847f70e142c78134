"""What a team may hold, in Kubernetes' words."""

from __future__ import annotations

import pytest

from components.kinds import KINDS
from components.metadata import Marks
from components.quota import Quota, QuotaArgs, gpus, hard_limits
from tenantry.catalog import EffectiveTenant
from tenantry.tenant_spec import QuotaSpec
from tests.components.conftest import Declare

QUOTA = QuotaSpec(cpu=64, memory="256Gi", storage="1Ti", pods=20, gpus={"a10g": 4, "h100": 2}, borrow=True)


def test_the_whole_of_the_hard_limits() -> None:
    hard = hard_limits(QUOTA, 12, "active")
    counts = {key: value for key, value in hard.items() if key.startswith("count/")}
    assert {key: value for key, value in hard.items() if key not in counts} == {
        "requests.cpu": "64",
        "requests.memory": "256Gi",
        "limits.memory": "256Gi",
        "requests.storage": "1Ti",
        "pods": "20",
        "requests.nvidia.com/gpu": "12",
        "requests.amd.com/gpu": "0",
        "requests.aws.amazon.com/neuron": "0",
        "requests.aws.amazon.com/neuroncore": "0",
        "requests.aws.amazon.com/neurondevice": "0",
        "requests.gpu.intel.com/i915": "0",
        "requests.gpu.intel.com/xe": "0",
        "requests.habana.ai/gaudi": "0",
        "requests.nvidia.com/gpu.shared": "0",
        "services.nodeports": "0",
        "services.loadbalancers": "0",
    }
    assert counts.keys() == {f"count/{kind.qualified}" for kind in KINDS}
    assert counts["count/pods"] == "200"
    assert counts["count/jobs.batch"] == "200"
    assert counts["count/secrets"] == "100"
    assert counts["count/daemonsets.apps"] == "0"
    assert counts["count/resourceclaims.resource.k8s.io"] == "0"


def test_amounts_are_spelled_as_the_api_server_spells_them() -> None:
    large = QUOTA.model_copy(update={"cpu": 2000, "memory": "2048Gi", "storage": "1024Ti", "pods": 1000})
    hard = hard_limits(large, 12, "active")
    assert {key: hard[key] for key in ("requests.cpu", "limits.memory", "requests.storage", "pods", "count/pods")} == {
        "requests.cpu": "2k",
        "limits.memory": "2Ti",
        "requests.storage": "1Pi",
        "pods": "1k",
        "count/pods": "10k",
    }


@pytest.mark.parametrize(("borrow", "expected"), [(False, 6), (True, 12)])
def test_who_borrows_may_hold_the_ceiling_and_who_does_not_its_guarantee(*, borrow: bool, expected: int) -> None:
    assert gpus(QUOTA.model_copy(update={"borrow": borrow}), 12) == expected


@pytest.mark.parametrize("lifecycle", ["frozen", "offboarding"])
def test_a_team_that_is_not_active_starts_no_pod(lifecycle: str) -> None:
    hard = hard_limits(QUOTA, 12, lifecycle)  # type: ignore[arg-type]  # a literal, from the list
    assert hard == hard_limits(QUOTA, 12, "active") | {"pods": "0"}


def test_quota_defaults_and_the_ban_on_system_priorities(
    declare: Declare, marks: Marks, vision: EffectiveTenant
) -> None:
    args = QuotaArgs(
        marks=marks, namespace="vision", quota=vision.spec.quota, gpu_ceiling=12, lifecycle=vision.spec.lifecycle
    )
    component, *objects = declare(lambda: Quota("vision-quota", args))
    assert component.type == "tenantry:tenant:Quota"
    assert {item.name: item.inputs["metadata"]["name"] for item in objects} == {
        "vision-quota": "tenant",
        "vision-quota-defaults": "defaults",
        "vision-quota-no-system-priority": "no-system-priority",
    }
    specs = {item.name: item.inputs["spec"] for item in objects}
    assert specs["vision-quota"]["hard"]["requests.cpu"] == "64"
    assert specs["vision-quota-defaults"] == {
        "limits": [
            {
                "type": "Container",
                "defaultRequest": {"cpu": "100m", "memory": "256Mi"},
                "default": {"memory": "1Gi"},
            }
        ]
    }
    assert specs["vision-quota-no-system-priority"] == {
        "hard": {"pods": "0"},
        "scopeSelector": {
            "matchExpressions": [
                {
                    "scopeName": "PriorityClass",
                    "operator": "In",
                    "values": ["system-cluster-critical", "system-node-critical"],
                }
            ]
        },
    }


def test_nothing_that_a_container_must_name_lacks_a_default() -> None:
    """A quota on a resource refuses pods that do not name it: kubeflow/pipelines#7699, which closed every pipeline."""
    needed = {key for key in hard_limits(QUOTA, 12, "active") if key in NAMED_BY_EVERY_CONTAINER}
    assert needed == {"requests.cpu", "requests.memory", "limits.memory"}


NAMED_BY_EVERY_CONTAINER = {"requests.cpu", "requests.memory", "limits.cpu", "limits.memory"} | {
    "requests.ephemeral-storage",
    "limits.ephemeral-storage",
}
"""Resources that Kubernetes demands of every container once a quota limits them."""
