"""An ordinary day of a developer, as herself and under every guard: nothing that she needs is in her way."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tenantry.kube import Kube, KubeError
from tenantry.sandbox.control_plane import Sandbox
from tests.sandbox.engine_world import World
from tests.sandbox.waiting import until

NAMESPACE = "vision"
MANAGER = "kubectl-client-side-apply"
IMAGE = "docker.io/library/python:3.12"
KINDS = {
    "Deployment": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "PersistentVolumeClaim": "v1",
    "ConfigMap": "v1",
    "Secret": "v1",
    "Service": "v1",
}


class Desk:
    """One developer's work, all of it under names of its own."""

    def __init__(self, kube: Kube) -> None:
        self.kube = kube
        self.name = f"day-{uuid.uuid4().hex[:6]}"

    def make(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Create an object."""
        metadata = {"name": self.name, "namespace": NAMESPACE}
        wanted = {"apiVersion": KINDS[kind], "kind": kind, "metadata": metadata, **fields}
        while True:
            try:
                return self.kube.create(wanted, MANAGER)
            except KubeError as error:
                # The quota is counted up by others at the same moment: the API server says to try again.
                if error.reason != "Conflict":
                    raise

    def get(self, kind: str) -> dict[str, Any]:
        """The object as it is now."""
        return self.kube.get(KINDS[kind], kind, self.name, NAMESPACE) or {}

    def template(self, **container: Any) -> dict[str, Any]:
        """Pods as a tutorial writes them: no security context, no priority, no toleration."""
        spec = {"containers": [{"name": "main", "image": IMAGE, **container}]}
        return {"metadata": {"labels": {"app": self.name}}, "spec": spec}

    def pods(self) -> list[dict[str, Any]]:
        """Her pods."""
        return self.kube.list("v1", "Pod", NAMESPACE, labels=f"app={self.name}")

    def may(self, verb: str, resource: str, subresource: str = "") -> bool:
        """Whether the API server lets her, asked as herself."""
        attributes = {"namespace": NAMESPACE, "verb": verb, "resource": resource, "subresource": subresource}
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        }
        answer = self.kube.raw("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body=review)
        return bool(answer["status"]["allowed"])


@pytest.fixture
def desk(world: World, sandbox: Sandbox, kube: Kube) -> Iterator[Desk]:
    """A developer of the team vision, with a certificate of her own; tidied up by the administrator."""
    made = Desk(Kube.from_kubeconfig(sandbox.issue("dana", ("ml-vision",))))
    yield made
    for kind, version in KINDS.items():
        kube.delete(version, kind, made.name, NAMESPACE, propagation="Background")


def test_a_service_of_three_pods_runs_and_is_rolled(desk: Desk) -> None:
    desk.make("ConfigMap", data={"threshold": "0.5"})
    desk.make("Secret", stringData={"token": "s3cret"})
    settings = [{"configMapRef": {"name": desk.name}}, {"secretRef": {"name": desk.name}}]
    template = desk.template(envFrom=settings, ports=[{"containerPort": 8080}])
    selector = {"matchLabels": {"app": desk.name}}
    desk.make("Deployment", spec={"replicas": 3, "selector": selector, "template": template})
    desk.make("Service", spec={"selector": {"app": desk.name}, "ports": [{"port": 80, "targetPort": 8080}]})
    assert until(lambda: desk.get("Deployment").get("status", {}).get("availableReplicas") == 3), desk.get("Deployment")
    path = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/{desk.name}"
    merge = "application/merge-patch+json"
    desk.kube.raw("PATCH", f"{path}/scale", body={"spec": {"replicas": 1}}, content_type=merge)
    newer = {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "python:3.13"}]}}}}
    desk.kube.raw("PATCH", path, body=newer, content_type="application/strategic-merge-patch+json")
    assert until(lambda: _images(desk) == ["python:3.13"]), desk.get("Deployment")


def test_a_training_job_gets_a_gpu_and_a_disk(desk: Desk, kube: Kube) -> None:
    request = {"resources": {"requests": {"storage": "10Gi"}}, "accessModes": ["ReadWriteOnce"]}
    desk.make("PersistentVolumeClaim", spec=request)
    template = desk.template(
        resources={"limits": {"nvidia.com/gpu": "1", "memory": "8Gi"}, "requests": {"cpu": "2"}},
        volumeMounts=[{"name": "data", "mountPath": "/data"}],
    )
    claim = {"name": "data", "persistentVolumeClaim": {"claimName": desk.name}}
    template["spec"] |= {"restartPolicy": "Never", "volumes": [claim]}
    desk.make("Job", spec={"template": template})
    [pod] = until(desk.pods)
    assert until(lambda: (_bound(desk) or "").partition("-")[0] in {"a10g", "h100"}), desk.pods()
    assert pod["spec"]["priorityClassName"] == "tenantry-standard"
    schedule = {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": template}}}
    desk.make("CronJob", spec=schedule)


def test_she_looks_into_her_own_pods(desk: Desk) -> None:
    template = desk.template()
    desk.make("Deployment", spec={"selector": {"matchLabels": {"app": desk.name}}, "template": template})
    [pod] = until(desk.pods)
    for verb, subresource in (("get", "log"), ("create", "exec"), ("create", "attach"), ("create", "portforward")):
        assert desk.may(verb, "pods", subresource), subresource
    # There is no kubelet that could answer; a refusal would come before that.
    with pytest.raises(KubeError) as caught:
        desk.kube.raw("GET", f"/api/v1/namespaces/{NAMESPACE}/pods/{pod['metadata']['name']}/log")
    assert caught.value.status != 403
    assert desk.kube.list("v1", "Event", NAMESPACE) is not None
    assert [quota["metadata"]["name"] for quota in desk.kube.list("v1", "ResourceQuota", NAMESPACE)]


def test_she_edits_and_deletes_what_she_made(desk: Desk) -> None:
    desk.make("ConfigMap", data={"a": "1"})
    mine = {"metadata": {"name": desk.name, "namespace": NAMESPACE}, "data": {"a": "2"}}
    desk.kube.apply({"apiVersion": "v1", "kind": "ConfigMap", **mine}, MANAGER, force=True)
    assert desk.get("ConfigMap")["data"] == {"a": "2"}
    assert desk.kube.delete("v1", "ConfigMap", desk.name, NAMESPACE)
    assert until(lambda: desk.get("ConfigMap") == {})


def test_a_refusal_reaches_her_as_an_event(desk: Desk) -> None:
    """A template is not judged; its pods are, and the reason is where people look for it."""
    template = desk.template()
    template["spec"]["containers"][0]["image"] = "evil.io/x:1"
    desk.make("Deployment", spec={"selector": {"matchLabels": {"app": desk.name}}, "template": template})

    def told() -> bool:
        return any(
            event["reason"] == "FailedCreate" and "docs/runbooks/admission.md#pod-images" in event["message"]
            for event in desk.kube.list("v1", "Event", NAMESPACE)
            if event["involvedObject"]["name"].startswith(desk.name)
        )

    assert until(told), json.dumps(desk.kube.list("v1", "Event", NAMESPACE))[:2000]
    assert desk.pods() == []


def _images(desk: Desk) -> list[str]:
    return [pod["spec"]["containers"][0]["image"] for pod in desk.pods()]


def _bound(desk: Desk) -> str | None:
    return next((pod["spec"].get("nodeName") for pod in desk.pods()), None)
