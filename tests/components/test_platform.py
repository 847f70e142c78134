"""What all tenants of a cluster share."""

from __future__ import annotations

import pytest

from components.cluster import Cluster, ClusterArgs
from components.flavors import flavor_specs, gpu_flavors
from components.platform import Platform, PlatformArgs
from components.priorities import priorities
from tenantry.catalog import EffectiveTenant
from tenantry.environment import NodePoolSpec
from tests.components.conftest import Declare

POOLS = {
    "fast": NodePoolSpec(nodes=1, cpu=8, memory="64Gi", gpu="h100", gpus_per_node=8),
    "cheap": NodePoolSpec(nodes=2, cpu=8, memory="64Gi", gpu="a10g", gpus_per_node=4),
    "cheap-too": NodePoolSpec(nodes=2, cpu=16, memory="64Gi", gpu="a10g", gpus_per_node=1),
    "plain": NodePoolSpec(nodes=2, cpu=8, memory="64Gi", gpu=None, gpus_per_node=0),
}


def test_flavors_are_those_of_the_pools_the_cheapest_first() -> None:
    assert gpu_flavors(POOLS) == ("a10g", "h100")
    assert gpu_flavors({"plain": POOLS["plain"]}) == ()


def test_a_flavor_leads_to_its_nodes() -> None:
    toleration = {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}
    assert flavor_specs(POOLS) == {
        "any-node": {},
        "a10g": {"nodeLabels": {"nvidia.com/gpu.product": "NVIDIA-A10G"}, "tolerations": [toleration]},
        "h100": {"nodeLabels": {"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"}, "tolerations": [toleration]},
    }


def test_tiers_rank_by_what_they_may_spend_in_any_order(vision: EffectiveTenant) -> None:
    tiers = vision.environment.tiers
    assert priorities(tiers) == {"small": 1000, "standard": 2000}
    assert priorities(dict(reversed(tiers.items()))) == priorities(tiers)


def test_the_platform_of_a_cluster(declare: Declare, vision: EffectiveTenant) -> None:
    resources = declare(lambda: Platform("platform", PlatformArgs(environment=vision.environment)))
    # The policies are test_admission's.
    made = {
        (r.type.rpartition(":")[2], r.inputs["metadata"]["name"])
        for r in resources
        if "metadata" in r.inputs and "admissionregistration" not in r.type
    }
    assert made == {
        ("Namespace", "tenantry-system"),
        ("PriorityClass", "tenantry-small"),
        ("PriorityClass", "tenantry-standard"),
        ("ResourceFlavor", "any-node"),
        ("ResourceFlavor", "a10g"),
        ("ResourceFlavor", "h100"),
        ("Cohort", "tenantry"),
    }
    classes = [r.inputs for r in resources if r.type.endswith(":PriorityClass")]
    assert {(item["preemptionPolicy"], item["globalDefault"]) for item in classes} == {("Never", False)}


def test_nothing_of_the_machine_goes_into_the_clusters_provider(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("KUBECONFIG", "PULUMI_K8S_DELETE_UNREACHABLE", "PULUMI_K8S_ENABLE_PATCH_FORCE"):
        monkeypatch.setenv(variable, "true")
    resources = declare(lambda: Cluster("cluster", ClusterArgs(environment="sandbox", context="ctx")))
    [provider] = [r for r in resources if r.type == "pulumi:providers:kubernetes"]
    assert provider.inputs == {
        "clusterIdentifier": "sandbox",
        "context": "ctx",
        "deleteUnreachable": "false",
        "enableConfigMapMutable": "true",
        "enablePatchForce": "false",
        "enableSecretMutable": "true",
        "enableServerSideApply": "true",
        "kubeconfig": "",
        "skipUpdateUnreachable": "false",
        "suppressDeprecationWarnings": "false",
        "suppressHelmHookWarnings": "false",
        "upsertExistingObjects": "false",
    }
