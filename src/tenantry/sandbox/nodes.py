"""The sandbox's fake nodes: what the environment's pools say, as objects of the API server."""

from __future__ import annotations

import hashlib
import ipaddress
import json
from datetime import UTC, datetime
from typing import Any, Final

from tenantry.environment import EnvironmentSpec, NodePoolSpec
from tenantry.gpu import FLAVORS, PRODUCT_LABEL, RESOURCE
from tenantry.kube import Kube
from tenantry.names import LABEL_DOMAIN, MANAGED_BY, MANAGED_BY_LABEL, POOL_LABEL
from tenantry.sandbox.parts import FAKE_NODE

Json = dict[str, Any]
DIGEST: Final = f"{LABEL_DOMAIN}/sandbox-digest"
"""Annotation with the digest of the node as we made it."""
GPU_TAINT: Final = {"key": RESOURCE, "value": "present", "effect": "NoSchedule"}
"""Keeps pods that ask for no GPU off GPU nodes, as managed clusters have it."""
PODS: Final = 110
"""Kubernetes' default of pods a node."""
LEASES: Final = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
LEASE_SECONDS: Final = 40
FIELD_MANAGER: Final = "tenantry-sandbox"


def wanted(environment: EnvironmentSpec, version: str) -> dict[str, Json]:
    """Every node that the environment's pools say, by its name.

    Args:
        environment: Whose pools.
        version: The cluster's version, as in `v1.36.3`: what the nodes' kubelets would be.
    """
    addresses = ipaddress.ip_network(environment.network.nodes).hosts()
    return {
        name: _node(name, pool, spec, str(next(addresses)), version)
        for pool, spec in environment.node_pools.items()
        for name in (f"{pool}-{index}" for index in range(spec.nodes))
    }


def sync(kube: Kube, environment: EnvironmentSpec) -> bool:
    """Make the cluster's nodes those that the environment says: add, remove, and replace those that differ.

    A node of another shape is a new node, as at every cloud: its pods go, and are scheduled anew.

    Returns:
        Whether anything was changed.
    """
    nodes = wanted(environment, str(kube.raw("GET", "/version")["gitVersion"]))
    found = {node["metadata"]["name"]: node["metadata"].get("annotations", {}).get(DIGEST) for node in _ours(kube)}
    stale = [name for name, digest in found.items() if name not in nodes or _digest_of(nodes[name]) != digest]
    for name in stale:
        _remove(kube, name)
    missing = [name for name in nodes if name not in found or name in stale]
    for name in missing:
        kube.create(nodes[name], FIELD_MANAGER)
    return bool(stale or missing)


def release(kube: Kube) -> None:
    """Take the nodes' leases from a KWOK that is gone: a new one waits for them until they end."""
    kube.raw("DELETE", LEASES)


def unready(kube: Kube) -> dict[str, str]:
    """Nodes of ours that are not Ready or that nobody keeps alive, with the reason."""
    now = datetime.now(UTC)
    leases = {lease["metadata"]["name"]: lease["spec"] for lease in kube.raw("GET", LEASES)["items"]}
    complaints = {}
    for node in _ours(kube):
        name = node["metadata"]["name"]
        if not _ready(node):
            complaints[name] = "it is not Ready"
        elif name not in leases or (now - _renewed(leases[name])).total_seconds() > LEASE_SECONDS:
            complaints[name] = "its lease is not renewed"
    return complaints


def count(kube: Kube) -> int:
    """How many nodes of ours there are."""
    return len(_ours(kube))


def _ours(kube: Kube) -> list[Json]:
    return kube.list("v1", "Node", labels=POOL_LABEL)


def _ready(node: Json) -> bool:
    conditions = node.get("status", {}).get("conditions", ())
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def _renewed(lease: Json) -> datetime:
    return datetime.fromisoformat(lease["renewTime"])


def _remove(kube: Kube, name: str) -> None:
    path = f"/api/v1/nodes/{name}"
    kube.raw("PATCH", path, body={"spec": {"unschedulable": True}}, content_type="application/merge-patch+json")
    bound = kube.raw("GET", "/api/v1/pods", query={"fieldSelector": f"spec.nodeName={name}"})["items"]
    for pod in bound:
        kube.delete("v1", "Pod", pod["metadata"]["name"], pod["metadata"]["namespace"], propagation="Background")
    kube.delete("v1", "Node", name, propagation="Background")
    kube.delete("coordination.k8s.io/v1", "Lease", name, "kube-node-lease", propagation="Background")


def _node(name: str, pool: str, spec: NodePoolSpec, address: str, version: str) -> Json:
    capacity = {"cpu": str(spec.cpu), "memory": str(spec.memory), "pods": str(PODS), "ephemeral-storage": "100Gi"}
    if spec.gpu:
        capacity[RESOURCE] = str(spec.gpus_per_node)
    node: Json = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": _labels(name, pool, spec), "annotations": dict(FAKE_NODE)},
        "spec": {"taints": [GPU_TAINT]} if spec.gpu else {},
        "status": {
            "capacity": capacity,
            "allocatable": capacity,
            "addresses": [{"type": "InternalIP", "address": address}, {"type": "Hostname", "address": name}],
            "nodeInfo": _node_info(version),
        },
    }
    digest = hashlib.sha256(json.dumps(node, sort_keys=True).encode()).hexdigest()
    node["metadata"]["annotations"][DIGEST] = digest[:16]
    return node


def _digest_of(node: Json) -> str:
    return str(node["metadata"]["annotations"][DIGEST])


def _labels(name: str, pool: str, spec: NodePoolSpec) -> dict[str, str]:
    """What a kubelet, and NVIDIA's GPU feature discovery on a GPU node, would set."""
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "sandbox",
        "topology.kubernetes.io/zone": "sandbox-a",
        MANAGED_BY_LABEL: MANAGED_BY,
        POOL_LABEL: pool,
    }
    if spec.gpu:
        flavor = FLAVORS[spec.gpu]
        labels |= {
            "nvidia.com/gpu.present": "true",
            "nvidia.com/gpu.count": str(spec.gpus_per_node),
            "nvidia.com/gpu.memory": str(flavor.memory_gib * 1024),
            "node.kubernetes.io/instance-type": flavor.instance_type,
            PRODUCT_LABEL: flavor.product,
        }
    return labels


def _node_info(version: str) -> dict[str, str]:
    """Every field, as the API demands; those that a machine would fill are empty."""
    unknown = ("machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "kubeProxyVersion")
    return dict.fromkeys(unknown, "") | {
        "kubeletVersion": version,
        "containerRuntimeVersion": "kwok://",
        "operatingSystem": "linux",
        "architecture": "amd64",
    }
