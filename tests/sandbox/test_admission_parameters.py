"""What the rules do with a tenant's parameters, and without them: on the real API server."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tenantry.kube import Kube, KubeError
from tenantry.names import TENANT_LABEL
from tenantry.sandbox.control_plane import Sandbox
from tests.sandbox.engine_world import World
from tests.sandbox.pod_cases import (
    DIGEST,
    IMAGE,
    MANAGER,
    REGISTRY,
    Spec,
    away_from,
    image,
    limits,
    on_nodes,
    pod,
    rather_on,
    refusal,
    tolerating,
)
from tests.sandbox.waiting import until


@pytest.fixture
def guarded(world: World, kube: Kube) -> Iterator[Callable[[dict[str, str]], str]]:
    """Makes a namespace that the rules take for a tenant's, with vision's parameters but for some."""
    made: list[str] = []

    def make(changes: dict[str, str] | None) -> str:
        name = f"guarded-{uuid.uuid4().hex[:8]}"
        made.append(name)
        metadata = {"name": name, "labels": {TENANT_LABEL: name}}
        kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}, MANAGER)
        until(lambda: kube.get("v1", "ServiceAccount", "default", name))
        if changes is not None:
            found = kube.get("v1", "ConfigMap", "tenantry-guard", "vision")
            assert found
            config = {"metadata": {"name": "tenantry-guard", "namespace": name}, "data": found["data"] | changes}
            kube.create({"apiVersion": "v1", "kind": "ConfigMap", **config}, MANAGER)
            until(lambda: admitted(kube, pod({}, name)))
        return name

    yield make
    for name in made:
        kube.delete("v1", "Namespace", name, propagation="Background")


def admitted(kube: Kube, wanted: dict[str, Any]) -> bool:
    """Whether the pod would be admitted."""
    try:
        kube.create(wanted, MANAGER, dry_run=True)
    except KubeError:
        return False
    return True


def test_without_parameters_a_namespace_is_of_no_use(
    kube: Kube, guarded: Callable[[dict[str, str] | None], str]
) -> None:
    name = guarded(None)
    with pytest.raises(KubeError, match="no params found for policy binding with `Deny` parameterNotFoundAction"):
        kube.create(pod({}, name), MANAGER)


def test_a_tier_may_demand_digests(kube: Kube, guarded: Callable[[dict[str, str]], str]) -> None:
    name = guarded({"image-digest": "optional"})
    kube.raw(
        "PATCH",
        f"/api/v1/namespaces/{name}/configmaps/tenantry-guard",
        body={"data": {"image-digest": "required"}},
        content_type="application/merge-patch+json",
    )
    assert until(lambda: not admitted(kube, pod({}, name)))
    with pytest.raises(KubeError, match="has no digest, and this team's tier demands one"):
        kube.create(pod({}, name), MANAGER)
    kube.create(pod(image(f"{IMAGE}@{DIGEST}"), name), MANAGER, dry_run=True)


FENCE = {"key": "nvidia.com/gpu.product", "operator": "NotIn", "values": ["NVIDIA-H100-80GB-HBM3"]}
ONLY_A10G = {
    "node-pools": "general,a10g",
    "gpu-products": "NVIDIA-A10G",
    "foreign-gpu-products": "NVIDIA-H100-80GB-HBM3",
}


@pytest.mark.parametrize(
    ("spec", "terms"),
    [
        ({}, [[FENCE]]),
        (away_from(), [[FENCE]]),
        (rather_on("tenantry.dev/pool", "general"), [[FENCE]]),
        (
            on_nodes(matchExpressions=[{"key": "kubernetes.io/os", "operator": "Exists"}]),
            [[{"key": "kubernetes.io/os", "operator": "Exists"}, FENCE]],
        ),
    ],
    ids=["no-affinity", "pod-affinity", "preference", "own-terms"],
)
def test_gpus_of_other_flavors_are_fenced_off(
    kube: Kube, guarded: Callable[[dict[str, str]], str], spec: Spec, terms: list[Any]
) -> None:
    made = kube.create(pod(spec | limits(**{"nvidia.com/gpu": "1"}), guarded(ONLY_A10G)), MANAGER, dry_run=True)
    required = made["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert [term["matchExpressions"] for term in required["nodeSelectorTerms"]] == terms


def test_without_the_fence_a_gpu_must_be_named(kube: Kube, guarded: Callable[[dict[str, str]], str]) -> None:
    """A cluster before 1.36 fills nothing in; a term that keeps away from something else is no fence."""
    name = guarded(ONLY_A10G)
    other = {"key": "nvidia.com/gpu.product", "operator": "NotIn", "values": ["NVIDIA-A100"]}
    asks = limits(**{"nvidia.com/gpu": "1"})
    with pytest.raises(KubeError, match="leaves open which GPU the pod gets, and the cluster has some that are not"):
        kube.create(pod(asks | on_nodes(matchExpressions=[other]), name), MANAGER)
    named = {"nodeSelector": {"nvidia.com/gpu.product": "NVIDIA-A10G"}}
    kube.create(pod(asks | named, name), MANAGER, dry_run=True)


def patch(kube: Kube, namespace: str, body: dict[str, Any], part: str = "") -> None:
    path = f"/api/v1/namespaces/{namespace}/pods/guarded{part}"
    kube.raw("PATCH", path, body=body, content_type="application/strategic-merge-patch+json")


def test_a_pod_that_runs_cannot_become_what_it_could_not_be(
    kube: Kube, guarded: Callable[[dict[str, str]], str]
) -> None:
    name = guarded({})
    kube.create(pod({"schedulingGates": [{"name": "kueue.x-k8s.io/admission"}]}, name), MANAGER)
    evil = {"spec": {"containers": [{"name": "main", "image": "evil.io/x:1"}]}}
    with pytest.raises(KubeError) as caught:
        patch(kube, name, evil)
    words = f'spec.containers[*].image "evil.io/x:1" {REGISTRY}'
    assert caught.value.message.endswith(refusal("pod-images", words, "tenantry-pod-images-update"))
    debugger = {"spec": {"ephemeralContainers": [{"name": "debug", "image": "evil.io/x:1"}]}}
    with pytest.raises(KubeError, match="tenantry-pod-images-update"):
        patch(kube, name, debugger, "/ephemeralcontainers")
    with pytest.raises(KubeError, match="tenantry-pod-tolerations-update"):
        patch(kube, name, tolerating(operator="Exists") | {"spec": tolerating(key="x", operator="Exists")})
    patch(kube, name, {"spec": {"containers": [{"name": "main", "image": "python:3.13"}]}})


def test_the_queues_gate_is_the_queues_to_open(world: World, sandbox: Sandbox, kube: Kube) -> None:
    developer = Kube.from_kubeconfig(sandbox.issue("dana", ("ml-vision",)))
    developer.create(pod({"schedulingGates": [{"name": "kueue.x-k8s.io/admission"}]}, name="guarded"), MANAGER)
    try:
        opened = {"spec": {"schedulingGates": [{"$patch": "replace"}]}}
        with pytest.raises(KubeError) as caught:
            patch(developer, "vision", opened)
        words = (
            "spec.schedulingGates of a pod that waits in the queue are opened by the queue only. Wait, or ask for less"
        )
        assert caught.value.message.endswith(refusal("pod-scheduler", words))
        patch(kube, "vision", opened)
    finally:
        kube.delete("v1", "Pod", "guarded", "vision", propagation="Background")


def test_a_namespace_goes_although_its_parameters_went_first(
    kube: Kube, guarded: Callable[[dict[str, str]], str]
) -> None:
    """The job controller must take its finalizer off the pods of a job, with or without parameters."""
    name = guarded({})
    template = {"spec": {**pod({})["spec"], "restartPolicy": "Never"}}
    job = {"metadata": {"name": "train", "namespace": name}, "spec": {"template": template}}
    kube.create({"apiVersion": "batch/v1", "kind": "Job", **job}, MANAGER)
    [made] = until(lambda: kube.list("v1", "Pod", name))
    assert made["metadata"]["finalizers"] == ["batch.kubernetes.io/job-tracking"]
    kube.delete("v1", "ConfigMap", "tenantry-guard", name)
    assert until(lambda: not admitted(kube, pod({}, name)))
    kube.delete("v1", "Namespace", name, propagation="Background")
    assert until(lambda: kube.get("v1", "Namespace", name) is None), kube.get("v1", "Namespace", name)
