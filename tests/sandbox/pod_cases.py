"""Pods that rules refuse, each with one that differs in a field and passes."""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]
MANAGER = "tests"
IMAGE = "docker.io/library/python:3.12"
DIGEST = "sha256:" + "a" * 64


def pod(spec: Spec, namespace: str = "vision", name: str = "guarded") -> dict[str, Any]:
    """A pod with one container; `container` in the spec are its fields."""
    container = {"name": "main", "image": IMAGE} | spec.get("container", {})
    rest = {key: value for key, value in spec.items() if key != "container"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"containers": [container], **rest},
    }


def tolerating(**toleration: Any) -> Spec:
    return {"tolerations": [toleration]}


def on_nodes(**term: Any) -> Spec:
    terms = {"nodeSelectorTerms": [term]}
    return {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}}


def rather_on(key: str, value: str) -> Spec:
    preference = {"matchExpressions": [{"key": key, "operator": "In", "values": [value]}]}
    preferred = [{"weight": 1, "preference": preference}]
    return {"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}}}


def away_from(**term: Any) -> Spec:
    terms = [{"topologyKey": "kubernetes.io/hostname", "labelSelector": {}, **term}]
    return {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}}


def image(name: str) -> Spec:
    return {"container": {"image": name}}


def limits(**resources: str) -> Spec:
    return {"container": {"resources": {"limits": resources}}}


TOLERATION = "is not one that this team may have. Remove it: pods that ask for a GPU get theirs by themselves"
NODES = "leads to nodes that are not this team's to choose. Name one of the team's own pools, or none"
REGISTRY = (
    "is from no registry that this cluster trusts. Push it to one of those in image_registries of the environment's"
    " file, and write its whole name"
)
MOVING = "can be another image tomorrow. Write a tag other than latest, or a digest"
GPU = {"key": "nvidia.com/gpu", "operator": "Exists"}

CASES: dict[str, tuple[str, Spec, Spec, str]] = {
    "every-taint": (
        "pod-tolerations",
        tolerating(operator="Exists"),
        tolerating(**GPU, effect="NoSchedule"),
        f"spec.tolerations of every taint {TOLERATION}",
    ),
    "another-taint": (
        "pod-tolerations",
        tolerating(key="tenantry.dev/pool", operator="Exists"),
        tolerating(**GPU, effect="NoSchedule"),
        f'spec.tolerations "tenantry.dev/pool" {TOLERATION}',
    ),
    "drained-gpu-nodes": (
        "pod-tolerations",
        tolerating(**GPU),
        tolerating(**GPU, effect="NoSchedule"),
        f'spec.tolerations "nvidia.com/gpu" {TOLERATION}',
    ),
    "a-dead-node-for-ever": (
        "pod-tolerations",
        tolerating(key="node.kubernetes.io/unreachable", operator="Exists", effect="NoExecute"),
        tolerating(key="node.kubernetes.io/unreachable", operator="Exists", effect="NoExecute", tolerationSeconds=10),
        f'spec.tolerations "node.kubernetes.io/unreachable" {TOLERATION}',
    ),
    "node-name": (
        "pod-node-name",
        {"nodeName": "h100-0"},
        {},
        (
            'spec.nodeName "h100-0" chooses a node past the scheduler, its taints and the queue. Remove it, and let the'
            " scheduler choose"
        ),
    ),
    "host": (
        "pod-node-selection",
        {"nodeSelector": {"kubernetes.io/hostname": "h100-0"}},
        {"nodeSelector": {"topology.kubernetes.io/zone": "sandbox-a"}},
        f'spec.nodeSelector "kubernetes.io/hostname=h100-0" {NODES}',
    ),
    "pool": (
        "pod-node-selection",
        {"nodeSelector": {"tenantry.dev/pool": "theirs"}},
        {"nodeSelector": {"tenantry.dev/pool": "a10g"}},
        f'spec.nodeSelector "tenantry.dev/pool=theirs" {NODES}',
    ),
    "product": (
        "pod-node-selection",
        {"nodeSelector": {"nvidia.com/gpu.product": "NVIDIA-A100"}},
        {"nodeSelector": {"nvidia.com/gpu.product": "NVIDIA-A10G"}},
        f'spec.nodeSelector "nvidia.com/gpu.product=NVIDIA-A100" {NODES}',
    ),
    "affinity-to-a-host": (
        "pod-node-selection",
        on_nodes(matchExpressions=[{"key": "kubernetes.io/hostname", "operator": "Exists"}]),
        on_nodes(matchExpressions=[{"key": "kubernetes.io/arch", "operator": "Exists"}]),
        f'spec.affinity.nodeAffinity "kubernetes.io/hostname" {NODES}',
    ),
    "affinity-to-other-pools": (
        "pod-node-selection",
        on_nodes(matchExpressions=[{"key": "tenantry.dev/pool", "operator": "NotIn", "values": ["general"]}]),
        on_nodes(matchExpressions=[{"key": "tenantry.dev/pool", "operator": "In", "values": ["general"]}]),
        f'spec.affinity.nodeAffinity "tenantry.dev/pool" {NODES}',
    ),
    "affinity-by-preference": (
        "pod-node-selection",
        rather_on("tenantry.dev/pool", "theirs"),
        rather_on("tenantry.dev/pool", "general"),
        f'spec.affinity.nodeAffinity "tenantry.dev/pool" {NODES}',
    ),
    "affinity-by-field": (
        "pod-node-selection",
        on_nodes(matchFields=[{"key": "metadata.name", "operator": "In", "values": ["h100-0"]}]),
        on_nodes(matchExpressions=[{"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]}]),
        "spec.affinity.nodeAffinity chooses a node by its name. Remove matchFields",
    ),
    "away-from-all-others": (
        "pod-affinity",
        away_from(namespaceSelector={}),
        away_from(),
        "spec.affinity looks at pods of other teams. Remove namespaces and namespaceSelector",
    ),
    "away-from-one-other": (
        "pod-affinity",
        away_from(namespaces=["nlp"]),
        away_from(namespaces=["vision"]),
        "spec.affinity looks at pods of other teams. Remove namespaces and namespaceSelector",
    ),
    "system-priority": (
        "pod-priority",
        {"priorityClassName": "system-node-critical"},
        {"priorityClassName": "tenantry-standard"},
        (
            'spec.priorityClassName "system-node-critical" is not the class of this team\'s tier. Remove it: the pod'
            " gets its class by itself"
        ),
    ),
    "another-tiers-priority": (
        "pod-priority",
        {"priorityClassName": "tenantry-small"},
        {},
        (
            'spec.priorityClassName "tenantry-small" is not the class of this team\'s tier. Remove it: the pod gets its'
            " class by itself"
        ),
    ),
    "scheduler": (
        "pod-scheduler",
        {"schedulerName": "evil"},
        {"schedulerName": "default-scheduler"},
        'spec.schedulerName "evil" is not the cluster\'s scheduler. Remove it',
    ),
    "gate": (
        "pod-scheduler",
        {"schedulingGates": [{"name": "example.com/wait"}]},
        {"schedulingGates": [{"name": "kueue.x-k8s.io/admission"}]},
        'spec.schedulingGates "example.com/wait" is not a gate of the queue. Remove it: nobody would open it',
    ),
    "foreign-resource": (
        "pod-resources",
        limits(**{"example.com/tpu": "1"}),
        limits(**{"nvidia.com/gpu": "1"}),
        (
            'spec.containers[*].resources "example.com/tpu" is not a resource that this team may ask for. Remove it, or'
            " have GPUs written into the team's quota"
        ),
    ),
    "claim": (
        "pod-resources",
        {"resourceClaims": [{"name": "gpu", "resourceClaimName": "gpu"}]},
        {"resourceClaims": []},
        (
            "spec.resourceClaims would hold devices past the team's quota. Remove it, and ask for GPUs with"
            " resources.limits"
        ),
    ),
    "inline-driver": (
        "pod-volumes",
        {"volumes": [{"name": "v", "csi": {"driver": "secrets.example.com"}}]},
        {"volumes": [{"name": "v", "emptyDir": {}}]},
        (
            'spec.volumes[*].csi "secrets.example.com" is a driver that pods may not call by themselves. Use a'
            " PersistentVolumeClaim"
        ),
    ),
    "init-container": (
        "pod-images",
        {"initContainers": [{"name": "first", "image": "evil.io/x:1"}]},
        {"initContainers": [{"name": "first", "image": IMAGE}]},
        f'spec.containers[*].image "evil.io/x:1" {REGISTRY}',
    ),
    "mounted-image": (
        "pod-images",
        {"volumes": [{"name": "v", "image": {"reference": "evil.io/x:1"}}]},
        {"volumes": [{"name": "v", "image": {"reference": IMAGE}}]},
        f'spec.containers[*].image "evil.io/x:1" {REGISTRY}',
    ),
    **{
        f"image {bad}": ("pod-images", image(bad), image(good), f'spec.containers[*].image "{bad}" {why}')
        for bad, good, why in (
            ("ghcr.io.evil.com/kubeflow/x:1", "ghcr.io/kubeflow/x:1", REGISTRY),
            ("ghcr.io/kubeflow-evil/x:1", "ghcr.io/kubeflow/x:1", REGISTRY),
            ("evil.io/ghcr.io/kubeflow/x:1", "ghcr.io/kubeflow/x:1", REGISTRY),
            ("ghcr.io/kubeflow/../evil/x:1", "ghcr.io/kubeflow/a/x:1", REGISTRY),
            ("ghcr.io:444/kubeflow/x:1", "ghcr.io/kubeflow/x:1", REGISTRY),
            ("stranger/x:1", "seldonio/x:1", REGISTRY),
            ("Seldonio/x:1", "seldonio/x:1", REGISTRY),
            ("python", "python:3.12", MOVING),
            ("python:latest", f"python:latest@{DIGEST}", MOVING),
            ("ghcr.io/kubeflow/x@sha256:abc", f"ghcr.io/kubeflow/x@{DIGEST}", MOVING),
        )
    },
}
"""Rule, the pod that it refuses, the pod that passes, and the refusal's words."""


def refusal(rule: str, words: str, binding: str = "") -> str:
    """The end of a refusal's message."""
    return (
        f"ValidatingAdmissionPolicy 'tenantry-{rule}' with binding '{binding or f'tenantry-{rule}'}' denied request:"
        f" {rule}: {words}. See docs/runbooks/admission.md#{rule}"
    )
