"""Objects that pass every guard: what attacks change one field of, and what their controls are."""

from __future__ import annotations

from copy import deepcopy

from tests.isolation.calls import Json

IMAGE = "registry.ml.sandbox.test/team/main:1.0"
"""Of a registry that the sandbox's environment allows, with a tag."""

SECURE: Json = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""A container's part of Pod Security's `restricted`."""


def container(name: str = "main", **change: object) -> Json:
    """One container, with some of its fields changed. None takes a field away."""
    whole: Json = {
        "name": name,
        "image": IMAGE,
        "securityContext": SECURE,
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "16Mi"}},
    }
    return deepcopy(_without_none(whole | change))


def pod_spec(*containers: Json, **change: object) -> Json:
    """A pod's spec, with some of its fields changed."""
    whole: Json = {
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "terminationGracePeriodSeconds": 0,
        "containers": list(containers) or [container()],
    }
    return deepcopy(_without_none(whole | change))


def obj(api_version: str, kind: str, **rest: object) -> Json:
    """An object of any kind."""
    return {"apiVersion": api_version, "kind": kind, **rest}


def pod(spec: Json | None = None, **metadata: object) -> Json:
    """A pod."""
    return obj("v1", "Pod", metadata=dict(metadata), spec=pod_spec() if spec is None else spec)


def template(spec: Json, labels: dict[str, str]) -> Json:
    """A workload's template of pods."""
    return {"metadata": {"labels": labels}, "spec": spec}


def deployment(name: str, spec: Json) -> Json:
    """A Deployment of one pod."""
    labels = {"attack": name}
    wanted = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template(spec, labels)}
    return obj("apps/v1", "Deployment", metadata={"name": name, "labels": labels}, spec=wanted)


def _without_none(fields: Json) -> Json:
    return {key: value for key, value in fields.items() if value is not None}
