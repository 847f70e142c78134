"""A running sandbox: it is what the environment's file says, and what it does is real."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tenantry.environment import EnvironmentSpec
from tenantry.errors import PlatformError
from tenantry.kube import Kube, KubeError
from tenantry.kubeconfig import load
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.parts import PARTS
from tenantry.sandbox.progress import Progress, Step
from tests.sandbox.waiting import until

Json = dict[str, Any]
GPU_TOLERATION = {"key": "nvidia.com/gpu", "operator": "Exists"}


def recorded(steps: list[Step]) -> Progress:
    return lambda event: steps.append(event) if isinstance(event, Step) else None


def deployment(namespace: str, replicas: int, pod: Json) -> Json:
    labels = {"app": "work"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "work", "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }


def container(**resources: str) -> Json:
    return {"name": "main", "image": "example.com/work:1", "resources": {"limits": resources}}


def phases(kube: Kube, namespace: str) -> Counter[str]:
    return Counter(pod["status"]["phase"] for pod in kube.list("v1", "Pod", namespace))


def test_every_part_and_node_is_well(sandbox: Sandbox, environment: EnvironmentSpec) -> None:
    status = sandbox.status()
    assert [(part.name, part.complaint) for part in status.parts] == [(name, "") for name in PARTS]
    assert all(part.pid and part.uptime for part in status.parts)
    assert status.nodes == status.nodes_ready == sum(pool.nodes for pool in environment.node_pools.values())
    assert status.healthy


def test_a_second_up_starts_nothing(sandbox: Sandbox) -> None:
    before = [part.pid for part in sandbox.status().parts]
    steps: list[Step] = []
    sandbox.up(recorded(steps))
    assert [part.pid for part in sandbox.status().parts] == before
    assert {step.name for step in steps} == {"nodes", "kinds"}
    assert {step.what for step in steps} == {
        "making them what the environment says",
        "defining those of other projects",
    }


def test_the_kubeconfig_has_the_environment_s_context(sandbox: Sandbox, environment: EnvironmentSpec) -> None:
    access = load(sandbox.kubeconfig)
    assert access.context == environment.cluster.context == "tenantry-sandbox"
    assert access.server.startswith("https://127.0.0.1:")
    assert not access.insecure


def test_env_names_this_sandbox(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    assert sandbox.env() == {"KUBECONFIG": str(sandbox.kubeconfig), "PATH": f"{sandbox.folder}/bin:/usr/bin"}


def test_nodes_are_what_the_pools_say(kube: Kube) -> None:
    node = kube.get("v1", "Node", "a10g-1")
    assert node is not None
    labels = node["metadata"]["labels"]
    # The node controller adds the old names of two labels.
    assert {key: value for key, value in labels.items() if not key.startswith("beta.")} == {
        "app.kubernetes.io/managed-by": "tenantry",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": "a10g-1",
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": "g5.xlarge",
        "nvidia.com/gpu.count": "4",
        "nvidia.com/gpu.memory": "24576",
        "nvidia.com/gpu.present": "true",
        "nvidia.com/gpu.product": "NVIDIA-A10G",
        "tenantry.dev/pool": "a10g",
        "topology.kubernetes.io/region": "sandbox",
        "topology.kubernetes.io/zone": "sandbox-a",
    }
    assert node["spec"]["taints"] == [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}]
    capacity = {"cpu": "48", "memory": "192Gi", "nvidia.com/gpu": "4", "pods": "110", "ephemeral-storage": "100Gi"}
    assert node["status"]["capacity"] == node["status"]["allocatable"] == capacity


def test_a_cpu_node_has_no_gpu_and_no_taint(kube: Kube) -> None:
    node = kube.get("v1", "Node", "general-0")
    assert node is not None
    assert "taints" not in node["spec"]
    assert not any("nvidia" in key for key in [*node["metadata"]["labels"], *node["status"]["capacity"]])


def test_scheduling_is_real(kube: Kube, namespace: str) -> None:
    """A pool of 2 nodes with 4 GPUs each takes 8 pods of one GPU, and the ninth waits."""
    pod = {
        "containers": [container(**{"nvidia.com/gpu": "1"})],
        "tolerations": [GPU_TOLERATION],
        "nodeSelector": {"nvidia.com/gpu.product": "NVIDIA-A10G"},
    }
    kube.create(deployment(namespace, 9, pod), "tests")
    assert until(lambda: phases(kube, namespace) == {"Running": 8, "Pending": 1}), phases(kube, namespace)
    [waiting] = [pod for pod in kube.list("v1", "Pod", namespace) if pod["status"]["phase"] == "Pending"]
    assert until(lambda: "Insufficient nvidia.com/gpu" in str(_reread(kube, waiting)["status"]))
    kube.delete("apps/v1", "Deployment", "work", namespace)
    assert until(lambda: not phases(kube, namespace)), "the pods stay"


def _reread(kube: Kube, obj: Json) -> Json:
    found = kube.get(obj["apiVersion"], obj["kind"], obj["metadata"]["name"], obj["metadata"]["namespace"])
    assert found is not None
    return found


def test_a_pod_that_tolerates_no_gpu_stays_off_gpu_nodes(kube: Kube, namespace: str) -> None:
    pod = {"containers": [container(cpu="1")], "nodeSelector": {"tenantry.dev/pool": "h100"}}
    kube.create(deployment(namespace, 1, pod), "tests")
    refusal = "untolerated taint(s)"
    assert until(lambda: refusal in str([one["status"] for one in kube.list("v1", "Pod", namespace)]))
    assert phases(kube, namespace) == {"Pending": 1}


def test_a_job_completes(kube: Kube, namespace: str) -> None:
    template = {"spec": {"containers": [container(cpu="1")], "restartPolicy": "Never"}}
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "once", "namespace": namespace},
        "spec": {"template": template},
    }
    created = kube.create(job, "tests")
    assert until(lambda: _reread(kube, created)["status"].get("succeeded") == 1)


def test_quotas_bind(kube: Kube, namespace: str) -> None:
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "few", "namespace": namespace},
        "spec": {"hard": {"count/secrets": "1"}},
    }
    created = kube.create(quota, "tests")
    assert until(lambda: _reread(kube, created)["status"].get("used") == {"count/secrets": "0"})
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "one", "namespace": namespace}}
    kube.create(secret, "tests")
    with pytest.raises(KubeError, match="exceeded quota: few"):
        kube.create(secret | {"metadata": {"name": "two", "namespace": namespace}}, "tests")


def test_pod_security_refuses(kube: Kube) -> None:
    name = "restricted"
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}, "tests")
    assert until(lambda: kube.get("v1", "ServiceAccount", "default", name))
    privileged = container(cpu="1") | {"securityContext": {"privileged": True}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "root", "namespace": name}}
    with pytest.raises(KubeError, match='violates PodSecurity "restricted'):
        kube.create(pod | {"spec": {"containers": [privileged]}}, "tests")
    kube.delete("v1", "Namespace", name, propagation="Background")


def test_a_default_storage_class_is_there(kube: Kube) -> None:
    [storage] = kube.list("storage.k8s.io/v1", "StorageClass")
    assert storage["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"


def test_a_permissive_kind_takes_any_content(kube: Kube, namespace: str) -> None:
    workflow = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"name": "any", "namespace": namespace},
        "spec": {"entrypoint": "main", "fieldOfNobody": {"deep": [1]}},
    }
    assert kube.create(workflow, "tests")["spec"] == workflow["spec"]


def test_nothing_is_left_of_the_start_s_own_probe(kube: Kube) -> None:
    assert kube.list("v1", "ResourceQuota", "default") == []


def test_logs_are_read_and_a_strange_part_is_refused(sandbox: Sandbox) -> None:
    assert any("Serving" in line for line in sandbox.logs("kube-scheduler"))
    with pytest.raises(PlatformError, match='no part "kubelet"'):
        sandbox.logs("kubelet")
