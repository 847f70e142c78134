"""Fake nodes: exactly what the pools say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.catalog import load_environment
from tenantry.environment import EnvironmentSpec, NodePoolSpec
from tenantry.sandbox.nodes import DIGEST, wanted

ROOT = Path(__file__).parents[3]


@pytest.fixture
def environment() -> EnvironmentSpec:
    return load_environment(ROOT, "sandbox")


def pool(**fields: object) -> NodePoolSpec:
    return NodePoolSpec.model_validate(fields)


def with_pools(environment: EnvironmentSpec, **pools: NodePoolSpec) -> EnvironmentSpec:
    return environment.model_copy(update={"node_pools": pools})


def test_every_pool_has_its_nodes(environment: EnvironmentSpec) -> None:
    pools = {"cpu": pool(nodes=2, cpu=4, memory="8Gi"), "empty": pool(nodes=0, cpu=4, memory="8Gi")}
    assert list(wanted(with_pools(environment, **pools), "v1.36.3")) == ["cpu-0", "cpu-1"]


def test_a_gpu_node_whole(environment: EnvironmentSpec) -> None:
    pools = {"h": pool(nodes=1, cpu=192, memory="2048Gi", gpu="h100", gpus_per_node=8)}
    node = wanted(with_pools(environment, **pools), "v1.36.3")["h-0"]
    digest = node["metadata"]["annotations"].pop(DIGEST)
    assert len(digest) == 16
    capacity = {
        "cpu": "192",
        "memory": "2048Gi",
        "pods": "110",
        "ephemeral-storage": "100Gi",
        "nvidia.com/gpu": "8",
    }
    assert node == {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": "h-0",
            "labels": {
                "kubernetes.io/hostname": "h-0",
                "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
                "topology.kubernetes.io/region": "sandbox",
                "topology.kubernetes.io/zone": "sandbox-a",
                "app.kubernetes.io/managed-by": "tenantry",
                "tenantry.dev/pool": "h",
                "nvidia.com/gpu.present": "true",
                "nvidia.com/gpu.count": "8",
                "nvidia.com/gpu.memory": "81920",
                "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
                "node.kubernetes.io/instance-type": "p5.48xlarge",
            },
            "annotations": {"kwok.x-k8s.io/node": "fake"},
        },
        "spec": {"taints": [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}]},
        "status": {
            "capacity": capacity,
            "allocatable": capacity,
            "addresses": [{"type": "InternalIP", "address": "10.0.0.1"}, {"type": "Hostname", "address": "h-0"}],
            "nodeInfo": {
                "machineID": "",
                "systemUUID": "",
                "bootID": "",
                "kernelVersion": "",
                "osImage": "",
                "kubeProxyVersion": "",
                "kubeletVersion": "v1.36.3",
                "containerRuntimeVersion": "kwok://",
                "operatingSystem": "linux",
                "architecture": "amd64",
            },
        },
    }


def test_addresses_are_in_the_nodes_network_and_each_is_one_node_s(environment: EnvironmentSpec) -> None:
    nodes = wanted(environment, "v1.36.3").values()
    addresses = [node["status"]["addresses"][0]["address"] for node in nodes]
    assert addresses == [f"10.0.0.{number}" for number in range(1, 7)]


@pytest.mark.parametrize(
    "change",
    [{"cpu": 5}, {"memory": "9Gi"}, {"gpu": "l4", "gpus_per_node": 1}, {"gpu": "t4", "gpus_per_node": 1}],
    ids=str,
)
def test_another_shape_is_another_digest(change: dict[str, object], environment: EnvironmentSpec) -> None:
    small = pool(nodes=1, cpu=4, memory="8Gi")
    one = wanted(with_pools(environment, p=small), "v1.36.3")
    other = wanted(with_pools(environment, p=small.model_copy(update=change)), "v1.36.3")
    assert one["p-0"]["metadata"]["annotations"] != other["p-0"]["metadata"]["annotations"]


def test_more_nodes_leave_the_others_as_they_are(environment: EnvironmentSpec) -> None:
    small = pool(nodes=1, cpu=4, memory="8Gi")
    one = wanted(with_pools(environment, p=small), "v1.36.3")
    two = wanted(with_pools(environment, p=small.model_copy(update={"nodes": 2})), "v1.36.3")
    assert two["p-0"] == one["p-0"]
