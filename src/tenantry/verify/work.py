"""Real work in a tenant's namespace, as one of its developers: made, looked at and taken away again (`--full`).

What a dry run cannot show: that controllers, too, are held by the guards. A Deployment is taken whatever is in its
template; it is its pods that are refused.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar

from tenantry import names
from tenantry.kube import Json, Kube
from tenantry.verify.admission import FULL
from tenantry.verify.check import BrokenError, Check
from tenantry.verify.identities import Identity
from tenantry.verify.objects import MANAGER
from tenantry.verify.probe import NAME, Facts, namespaced, pod

LABEL: Final = f"{names.LABEL_DOMAIN}/verify"
"""On everything that is made here, and so on everything that is removed."""
KINDS: Final = (
    ("apps/v1", "Deployment"),
    ("v1", "Pod"),
    ("v1", "Service"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "PersistentVolumeClaim"),
)
"""Kinds that checks make, in the order in which they go."""
PATIENCE: Final = 60.0
"""Seconds that controllers have for one step."""
Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Scene:
    """Where one check works."""

    admin: Kube
    """Whoever verifies: looks on, and cleans up."""
    developer: Kube
    facts: Facts
    name: str
    """Of everything that the check makes."""

    def make(self, item: Json, suffix: str = "") -> Json:
        """Create an object as the developer, under the scene's name and label."""
        metadata = {**item["metadata"], "name": f"{self.name}{suffix}", "labels": {LABEL: self.name}}
        return self.developer.create({**item, "metadata": metadata}, MANAGER)

    def deployment(self, pod_spec: Mapping[str, Any]) -> Json:
        """A Deployment of one pod, made as the developer."""
        labels = {"app": self.name, LABEL: self.name}
        template = {"metadata": {"labels": labels}, "spec": dict(pod_spec)}
        spec = {"replicas": 1, "selector": {"matchLabels": {"app": self.name}}, "template": template}
        return self.make(namespaced(self.facts, "apps/v1", "Deployment", {"spec": spec}))


def work_scene(kube: Kube, facts: Facts, developer: Identity) -> Scene:
    """Where the checks of one tenant work, and as whom."""
    return Scene(kube, kube.acting_as(developer.user, developer.groups), facts, NAME)


def work_checks(scene: Scene) -> list[Check]:
    """The checks that write and that every cluster can show, the sandbox too."""
    refused = "a Deployment gets no pod that its developer could not have made"
    return [
        scene_check(scene, "objects", "a developer makes and removes the objects of a day", objects),
        scene_check(scene, "deployment", "a developer's Deployment gets its pod", deployment),
        scene_check(scene, "refused-template", refused, refused_template),
    ]


def scene_check(scene: Scene, name: str, title: str, act: Callable[[Scene], None]) -> Check:
    """A check that works in the scene, under a name of its own, and leaves nothing behind."""
    return Check(f"{scene.facts.tenant}/work/{name}", title, partial(_in, scene, act))


def _in(scene: Scene, act: Callable[[Scene], None]) -> None:
    with _clean(replace(scene, name=f"{NAME}-{uuid.uuid4().hex[:8]}")) as fresh:
        act(fresh)


@contextmanager
def _clean(scene: Scene) -> Iterator[Scene]:
    """Remove what the check makes, and before it what an earlier run that was killed has left."""
    remove(scene.admin, scene.facts.namespace)
    try:
        yield scene
    finally:
        remove(scene.admin, scene.facts.namespace)


def remove(kube: Kube, namespace: str) -> None:
    """Remove everything that carries our label, and wait until it is gone.

    Raises:
        BrokenError: something does not go.
    """
    for api_version, kind in KINDS:
        for item in kube.list(api_version, kind, namespace, labels=LABEL):
            kube.delete(api_version, kind, item["metadata"]["name"], namespace, propagation="Background")
    if not until(lambda: not left(kube, namespace)):
        raise BrokenError(f"Not removed: {', '.join(left(kube, namespace))}. Remove what carries the label {LABEL}")


def left(kube: Kube, namespace: str) -> list[str]:
    """What carries our label."""
    return [
        f"{kind} {item['metadata']['name']}"
        for api_version, kind in KINDS
        for item in kube.list(api_version, kind, namespace, labels=LABEL)
    ]


def objects(scene: Scene) -> None:
    """Make one of each kind that a developer makes by hand, and read it back."""
    claim = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Mi"}},
        "storageClassName": scene.facts.storage_class,
    }
    for kind, rest in (
        ("ConfigMap", {"data": {"key": "value"}}),
        ("Secret", {"stringData": {"key": "value"}}),
        ("Service", {"spec": {"ports": [{"port": 80}]}}),
        ("PersistentVolumeClaim", {"spec": claim}),
    ):
        scene.make(namespaced(scene.facts, "v1", kind, rest))
        if scene.developer.get("v1", kind, scene.name, scene.facts.namespace) is None:
            raise BrokenError(f"A {kind} that a developer made is not there")


def deployment(scene: Scene) -> None:
    """Make a Deployment and wait for its pod. Whether its image starts is the registry's business."""
    scene.deployment(pod(scene.facts)["spec"])
    if not until(lambda: pods(scene) or FULL.search(failure(scene))):
        raise BrokenError(f"A developer's Deployment got no pod: {failure(scene) or 'and nobody says why'}")


def refused_template(scene: Scene) -> None:
    """Make a Deployment whose pods tolerate every taint, and wait for the controller to be refused."""
    scene.deployment(pod(scene.facts, {"tolerations": [{"operator": "Exists"}]})["spec"])
    if not until(lambda: pods(scene) or failure(scene)) or pods(scene):
        raise BrokenError("A Deployment got a pod that tolerates every taint. Bring it back: tenantry up --refresh")
    if "'tenantry-pod-tolerations'" not in (said := failure(scene)):
        raise BrokenError(f"pod-tolerations did not refuse the pod of a Deployment; something else did: {said}")


def pods(scene: Scene) -> list[Json]:
    """The scene's pods."""
    return scene.admin.list("v1", "Pod", scene.facts.namespace, labels=f"{LABEL}={scene.name}")


def failure(scene: Scene) -> str:
    """Why the Deployment's pods are not made, as its controller was told. Empty while it was told nothing."""
    found = scene.admin.get("apps/v1", "Deployment", scene.name, scene.facts.namespace) or {}
    conditions = (found.get("status") or {}).get("conditions") or ()
    return next((str(one["message"]) for one in conditions if one["type"] == "ReplicaFailure"), "")


def until(look: Callable[[], Seen], seconds: float = PATIENCE) -> Seen:
    """What `look` returns once it is true; its last answer where it does not become true in time."""
    end = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return seen
