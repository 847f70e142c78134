"""When an object has done what it is there for, as far as the official provider waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tenantry.kube import Json, Kube

Check = Callable[[Json, Kube], str | None]
"""What an object still waits for, in words. None: it is ready."""


class FailedError(Exception):
    """It will not become ready by waiting."""


def waits_for(live: Json, kube: Kube) -> str | None:
    """What the object still waits for. None where it is ready, or of a kind that is ready once it is there.

    Raises:
        FailedError: the object says itself that it has failed.
    """
    group = live["apiVersion"].rpartition("/")[0]
    check = READINESS.get((group, live["kind"]))
    return check(live, kube) if check else None


def _namespace(live: Json, _: Kube) -> str | None:
    phase = _status(live).get("phase")
    return None if phase == "Active" else f"the namespace is {phase or 'not active yet'}"


def _deployment(live: Json, kube: Kube) -> str | None:
    if not _observed(live):
        return "the controller has not seen it yet"
    progressing = _condition(live, "Progressing")
    if progressing.get("reason") == "ProgressDeadlineExceeded":
        raise FailedError(f"{progressing.get('message')}{_why_pods_wait(live, kube)}")
    wanted = live["spec"].get("replicas", 1)
    status = _status(live)
    if status.get("updatedReplicas", 0) < wanted:
        return f"{status.get('updatedReplicas', 0)} of {wanted} replicas are up to date"
    if status.get("replicas", 0) > wanted:
        return f"{status['replicas'] - wanted} old replicas are ending"
    available = status.get("availableReplicas", 0)
    return (
        None if available >= wanted else f"{available} of {wanted} replicas are available{_why_pods_wait(live, kube)}"
    )


def _stateful_set(live: Json, kube: Kube) -> str | None:
    if not _observed(live):
        return "the controller has not seen it yet"
    wanted, status = live["spec"].get("replicas", 1), _status(live)
    if status.get("currentRevision") != status.get("updateRevision"):
        return "replicas of an old revision are still there"
    ready = status.get("readyReplicas", 0)
    return None if ready >= wanted else f"{ready} of {wanted} replicas are ready{_why_pods_wait(live, kube)}"


def _daemon_set(live: Json, kube: Kube) -> str | None:
    if not _observed(live):
        return "the controller has not seen it yet"
    status = _status(live)
    wanted = status.get("desiredNumberScheduled", 0)
    ready = min(status.get("numberAvailable", 0), status.get("updatedNumberScheduled", 0))
    return None if ready >= wanted else f"{ready} of {wanted} pods are available{_why_pods_wait(live, kube)}"


def _pod(live: Json, _: Kube) -> str | None:
    phase = _status(live).get("phase")
    if phase == "Failed":
        raise FailedError(_status(live).get("message") or "the pod has failed")
    ready = phase == "Succeeded" or _condition(live, "Ready").get("status") == "True"
    return None if ready else _why_pod_waits(live) or "the pod is not ready"


def _job(live: Json, _: Kube) -> str | None:
    failed = _condition(live, "Failed")
    if failed.get("status") == "True":
        raise FailedError(failed.get("message") or "the job has failed")
    return None if _condition(live, "Complete").get("status") == "True" else "the job has not completed"


def _service(live: Json, kube: Kube) -> str | None:
    spec = live["spec"]
    if spec.get("type") == "ExternalName":
        return None
    if spec.get("type") == "LoadBalancer" and not _status(live).get("loadBalancer", {}).get("ingress"):
        return "no load balancer has an address for it yet"
    if not spec.get("selector") or spec.get("clusterIP") == "None":
        return None
    metadata = live["metadata"]
    labels = f"kubernetes.io/service-name={metadata['name']}"
    slices = kube.list("discovery.k8s.io/v1", "EndpointSlice", metadata["namespace"], labels=labels)
    endpoints = [endpoint for piece in slices for endpoint in piece.get("endpoints") or ()]
    ready = any((endpoint.get("conditions") or {}).get("ready") for endpoint in endpoints)
    return None if ready else "no pod that its selector matches is ready"


def _definition(live: Json, _: Kube) -> str | None:
    accepted = _condition(live, "NamesAccepted")
    if accepted.get("status") == "False":
        raise FailedError(accepted.get("message") or "its names are not accepted")
    return None if _condition(live, "Established").get("status") == "True" else "its kind is not served yet"


def _quota(live: Json, _: Kube) -> str | None:
    # Until the controller has copied it to the status, the quota holds nobody back.
    return None if _status(live).get("hard") == live["spec"].get("hard", {}) else "the quota is not in force yet"


READINESS: Final[Mapping[tuple[str, str], Check]] = {
    ("", "Namespace"): _namespace,
    ("", "Pod"): _pod,
    ("", "ResourceQuota"): _quota,
    ("", "Service"): _service,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
}


def _status(live: Json) -> Json:
    return live.get("status") or {}


def _observed(live: Json) -> bool:
    generation: int = live["metadata"].get("generation", 0)
    return bool(_status(live).get("observedGeneration", 0) >= generation)


def _condition(live: Json, kind: str) -> Json:
    found = (condition for condition in _status(live).get("conditions") or () if condition["type"] == kind)
    return next(found, {})


def _why_pods_wait(live: Json, kube: Kube) -> str:
    """Why one of its pods is not ready, in the scheduler's or the kubelet's own words."""
    selector: Mapping[str, Any] = live["spec"]["selector"].get("matchLabels") or {}
    labels = ",".join(f"{key}={value}" for key, value in selector.items())
    pods = kube.list("v1", "Pod", live["metadata"]["namespace"], labels=labels) if labels else []
    reasons = (_why_pod_waits(pod) for pod in pods)
    reason = next((reason for reason in reasons if reason), "")
    return f": {reason}" if reason else ""


def _why_pod_waits(pod: Json) -> str:
    scheduled = _condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        return str(scheduled.get("message") or "")
    states = (status.get("state") or {} for status in _status(pod).get("containerStatuses") or ())
    waiting = (state["waiting"] for state in states if "waiting" in state)
    return next((f"{state.get('reason')} {state.get('message', '')}".strip() for state in waiting), "")
