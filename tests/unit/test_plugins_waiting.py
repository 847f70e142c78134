"""When an object is ready, what it waits for meanwhile, and how a wait ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from tenantry.kube import Json, Kube, KubeError
from tenantry.sandbox.plugins.engine import Engine
from tenantry.sandbox.plugins.resource_kubernetes.objects import Ref
from tenantry.sandbox.plugins.resource_kubernetes.readiness import FailedError, waits_for
from tenantry.sandbox.plugins.resource_kubernetes.waiting import (
    NotReadyError,
    StillThereError,
    Waiting,
    time_limit,
    what_holds,
)


class FakeKube:
    """Gives one answer after the other, the last one for ever; pods and endpoints as they are set."""

    def __init__(self, *answers: Json | None, **lists: list[Json]) -> None:
        self.answers, self.lists, self.asked = list(answers), lists, 0

    def get(self, *_: str | None) -> Json | None:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def list(self, _: str, kind: str, *__: str, labels: str = "") -> list[Json]:
        assert labels
        return self.lists.get(kind, [])


def kube(*answers: Json | None, **lists: list[Json]) -> Kube:
    return cast("Kube", FakeKube(*answers, **lists))


def obj(api_version: str, kind: str, spec: Any = None, status: Any = None, **metadata: Any) -> Json:
    named = {"name": "a", "namespace": "n", "generation": 1} | metadata
    return {"apiVersion": api_version, "kind": kind, "metadata": named, "spec": spec or {}, "status": status or {}}


def condition(kind: str, status: str, message: str = "", reason: str = "") -> Json:
    return {"conditions": [{"type": kind, "status": status, "message": message, "reason": reason}]}


WORKLOAD = {"replicas": 2, "selector": {"matchLabels": {"app": "a"}}}
SEEN = {"observedGeneration": 1, "updatedReplicas": 2, "replicas": 2}
UNSCHEDULED = obj("v1", "Pod", status=condition("PodScheduled", "False", "no GPU is free"))
PULLING = obj("v1", "Pod", status={"containerStatuses": [{"state": {"waiting": {"reason": "ErrImagePull"}}}]})
SERVICE = {"selector": {"app": "a"}, "clusterIP": "10.0.0.1"}


@pytest.mark.parametrize(
    ("live", "lists", "expected"),
    [
        (obj("v1", "ConfigMap"), {}, None),
        (obj("v1", "PersistentVolumeClaim", status={"phase": "Pending"}), {}, None),
        (obj("v1", "Namespace", status={"phase": "Active"}), {}, None),
        (obj("v1", "Namespace", status={"phase": "Terminating"}), {}, "the namespace is Terminating"),
        (obj("v1", "ResourceQuota", {"hard": {"pods": "1"}}), {}, "the quota is not in force yet"),
        (obj("v1", "ResourceQuota", {"hard": {"pods": "1"}}, {"hard": {"pods": "1"}}), {}, None),
        (obj("v1", "Pod", status={"phase": "Running"} | condition("Ready", "True")), {}, None),
        (UNSCHEDULED, {}, "no GPU is free"),
        (obj("apps/v1", "Deployment", WORKLOAD), {}, "the controller has not seen it yet"),
        (obj("apps/v1", "Deployment", WORKLOAD, SEEN | {"updatedReplicas": 1}), {}, "1 of 2 replicas are up to date"),
        (obj("apps/v1", "Deployment", WORKLOAD, SEEN | {"replicas": 3}), {}, "1 old replicas are ending"),
        (
            obj("apps/v1", "Deployment", WORKLOAD, SEEN | {"availableReplicas": 1}),
            {"Pod": [UNSCHEDULED]},
            "1 of 2 replicas are available: no GPU is free",
        ),
        (obj("apps/v1", "Deployment", WORKLOAD, SEEN | {"availableReplicas": 2}), {}, None),
        (
            obj("apps/v1", "StatefulSet", WORKLOAD, {"observedGeneration": 1}),
            {"Pod": [PULLING]},
            "0 of 2 replicas are ready: ErrImagePull",
        ),
        (
            obj("apps/v1", "DaemonSet", WORKLOAD, {"observedGeneration": 1, "desiredNumberScheduled": 1}),
            {},
            "0 of 1 pods are available",
        ),
        (obj("batch/v1", "Job"), {}, "the job has not completed"),
        (obj("batch/v1", "Job", status=condition("Complete", "True")), {}, None),
        (obj("v1", "Service", {"type": "ExternalName"}), {}, None),
        (obj("v1", "Service", {"clusterIP": "None"} | {"selector": {"a": "b"}}), {}, None),
        (obj("v1", "Service", SERVICE), {}, "no pod that its selector matches is ready"),
        (obj("v1", "Service", SERVICE), {"EndpointSlice": [{"endpoints": [{"conditions": {"ready": True}}]}]}, None),
        (
            obj("v1", "Service", SERVICE | {"type": "LoadBalancer"}),
            {},
            "no load balancer has an address for it yet",
        ),
        (obj("apiextensions.k8s.io/v1", "CustomResourceDefinition"), {}, "its kind is not served yet"),
    ],
)
def test_what_an_object_waits_for(live: Json, lists: dict[str, list[Json]], expected: str | None) -> None:
    assert waits_for(live, kube(**lists)) == expected


@pytest.mark.parametrize(
    ("live", "says"),
    [
        (obj("v1", "Pod", status={"phase": "Failed", "message": "evicted"}), "evicted"),
        (obj("batch/v1", "Job", status=condition("Failed", "True", "backoff limit")), "backoff limit"),
        (
            obj(
                "apps/v1",
                "Deployment",
                WORKLOAD,
                SEEN | condition("Progressing", "False", "too slow", "ProgressDeadlineExceeded"),
            ),
            "too slow: no GPU is free",
        ),
        (
            obj(
                "apiextensions.k8s.io/v1",
                "CustomResourceDefinition",
                status=condition("NamesAccepted", "False", "taken"),
            ),
            "taken",
        ),
    ],
)
def test_what_has_failed_is_not_waited_for(live: Json, says: str) -> None:
    with pytest.raises(FailedError, match=says):
        waits_for(live, kube(Pod=[UNSCHEDULED]))


REF = Ref("v1", "Namespace", "a", None)
PENDING, ACTIVE = obj("v1", "Namespace"), obj("v1", "Namespace", status={"phase": "Active"})


def waiting(client: Kube, timeout: float = 30, **more: Any) -> Waiting:
    return Waiting(client, Engine(), "urn", timeout, **more)


def test_a_wait_ends_with_the_ready_object() -> None:
    assert waiting(kube(PENDING, ACTIVE)).until_ready(REF, PENDING) == ACTIVE


def test_a_wait_ends_in_time_and_says_what_was_missing() -> None:
    with pytest.raises(
        NotReadyError, match=r'Namespace "a" is there, but not within 0\.2 s: .* not active yet'
    ) as late:
        waiting(kube(PENDING), timeout=0.2).until_ready(REF, PENDING)
    assert late.value.live == PENDING


def test_a_cancelled_wait_ends_at_once() -> None:
    cancelled = threading.Event()
    cancelled.set()
    client = FakeKube(PENDING)

    with pytest.raises(NotReadyError, match="the run was cancelled"):
        waiting(cast("Kube", client), cancelled=cancelled).until_ready(REF, PENDING)
    assert client.asked == 1


def test_an_object_that_vanishes_meanwhile_is_no_success() -> None:
    with pytest.raises(NotReadyError):
        waiting(kube(None), timeout=0.2).until_ready(REF, PENDING)


def test_a_deletion_is_waited_for() -> None:
    held = obj("v1", "ConfigMap", finalizers=["example.io/keep"])
    waiting(kube(held, held, None)).until_gone(REF)

    with pytest.raises(
        StillThereError, match=r"is being deleted, but not within 0\.2 s: its finalizers are example\.io/keep"
    ):
        waiting(kube(held), timeout=0.2).until_gone(REF)


def test_a_namespace_says_itself_what_holds_it() -> None:
    status = {"conditions": [{"type": "NamespaceContentRemaining", "status": "True", "message": "1 pod is left"}]}

    assert what_holds(obj("v1", "Namespace", status=status, finalizers=["x"])) == "1 pod is left"
    assert what_holds(obj("v1", "ConfigMap", finalizers=["foregroundDeletion"])) == ""


def failing(*errors: KubeError) -> Callable[[], Json]:
    left = list(errors)

    def attempt() -> Json:
        if left:
            raise left.pop(0)
        return ACTIVE

    return attempt


def test_a_namespace_or_kind_that_is_seconds_old_is_tried_again() -> None:
    errors = KubeError(404, "NotFound", "no namespace"), KubeError(404, "NoKind", "no kind")
    assert waiting(kube(None)).until_known(failing(*errors)) == ACTIVE

    with pytest.raises(KubeError, match="forbidden"):
        waiting(kube(None)).until_known(failing(KubeError(403, "Forbidden", "forbidden")))


@pytest.mark.parametrize(
    ("option", "annotation", "expected"), [(0, "", 600), (5, "", 5), (0, "30", 30), (5, "30", 5), (0, "soon", 600)]
)
def test_the_time_limit(option: float, annotation: str, expected: float) -> None:
    inputs = {"metadata": {"annotations": {"pulumi.com/timeoutSeconds": annotation}}}

    assert time_limit(inputs, option) == expected
