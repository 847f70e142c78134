"""Rules on the pods that a stack itself makes: fit for `restricted`, from pinned images, on ordinary nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tenantry import names
from tenantry.policies.model import Finding, Item, Rule, View, dig, items, words
from tenantry.policies.quota import SYSTEM_PRIORITIES
from tenantry.versions import released_images

if TYPE_CHECKING:
    from tenantry.effective import EffectiveTenant

DIGEST = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}")
TEMPLATES = {
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "Pod": ("spec",),
    **dict.fromkeys(
        ("DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"),
        ("spec", "template", "spec"),
    ),
}
"""Where kinds of Kubernetes hold a pod."""


def pods(view: View) -> Iterator[tuple[Item, Mapping[str, Any]]]:
    """Every pod that an object of the stack makes."""
    for item in view.of(*TEMPLATES):
        yield item, words(item.data, *TEMPLATES[item.kind])


def containers(pod: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every container of a pod, those that run before it too."""
    return [*items(pod, "containers"), *items(pod, "initContainers")]


def restricted(view: View) -> Iterator[Finding]:
    """What Pod Security's level restricted demands, said by the pod itself."""
    for item, pod in pods(view):
        for field in ("hostNetwork", "hostPID", "hostIPC"):
            if pod.get(field):
                yield Finding(item, f"{field} is true")
        for volume in items(pod, "volumes"):
            if "hostPath" in volume:
                yield Finding(item, f"the volume {dig(volume, 'name')} is a hostPath")
        for container in containers(pod):
            for wrong in _unhardened(container, words(pod, "securityContext")):
                yield Finding(item, f"the container {dig(container, 'name')} {wrong}")


def _unhardened(container: Mapping[str, Any], pod: dict[str, Any]) -> Iterator[str]:
    own = words(container, "securityContext")
    if own.get("privileged"):
        yield "is privileged"
    if own.get("allowPrivilegeEscalation") is not False:
        yield "does not refuse privilege escalation"
    if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
        yield "may run as root"
    if "ALL" not in items(own, "capabilities", "drop"):
        yield "does not drop all capabilities"
    profile = own.get("seccompProfile", pod.get("seccompProfile"))
    if dig(profile, "type") not in ("RuntimeDefault", "Localhost"):
        yield "has no seccomp profile"


def pinned(view: View) -> Iterator[Finding]:
    """Images are named by digest; where the tier does not ask for that, those of listed releases need not be."""
    tags = frozenset() if view.tenant and demands_digests(view.tenant) else released_images()
    for item, pod in pods(view):
        for container in containers(pod):
            image = str(dig(container, "image"))
            if not DIGEST.fullmatch(image) and image not in tags:
                yield Finding(item, f"the image {image} is not named by digest")


def demands_digests(tenant: EffectiveTenant) -> bool:
    """Whether the API server refuses every pod of the tenant whose image is named by a tag."""
    return tenant.environment.tiers[tenant.spec.tier].image_digests


def bounded(view: View) -> Iterator[Finding]:
    """Containers request CPU and memory and have a limit of memory."""
    for item, pod in pods(view):
        for container in containers(pod):
            for key, resource in (("requests", "cpu"), ("requests", "memory"), ("limits", "memory")):
                if resource not in words(container, "resources", key):
                    yield Finding(item, f"the container {dig(container, 'name')} has no {key}.{resource}")


def scheduled(view: View) -> Iterator[Finding]:
    """A tenant's pods go where the scheduler sends them, with the priority of their tier."""
    for item, pod in pods(view):
        if node := pod.get("nodeName"):
            yield Finding(item, f"spec.nodeName is {node}")
        for toleration in items(pod, "tolerations"):
            if not dig(toleration, "key"):
                yield Finding(item, "tolerates every taint")
        priority = pod.get("priorityClassName")
        own = names.priority_class(view.tenant.spec.tier) if view.tenant else priority
        if priority in SYSTEM_PRIORITIES or priority not in (None, own):
            yield Finding(item, f"has the priority class {priority}")


RULES = (
    Rule(
        id="TEN-POD-001",
        severity="high",
        title="Pods are fit for Pod Security's level restricted",
        rationale="The API server refuses the pod, but not the Deployment that makes it: a stack that comes up and "
        "runs nothing.",
        fix="Set runAsNonRoot, seccompProfile, allowPrivilegeEscalation: false and drop ALL",
        find=restricted,
        of="both",
    ),
    Rule(
        id="TEN-POD-002",
        severity="high",
        title="Images are named by digest, or are of a release that the platform lists",
        rationale="A tag is whatever its registry says today; a digest is what was reviewed. Tags of releases, listed "
        "word for word in versions.py, are trusted to their registry, but not in a tier with image_digests.",
        fix="Write the image as registry/name@sha256:…",
        find=pinned,
        of="both",
    ),
    Rule(
        id="TEN-POD-003",
        severity="medium",
        title="Containers request CPU and memory, and have a limit of memory",
        rationale="Without requests the scheduler packs them anywhere; without a limit one leak takes the node.",
        fix="Set resources on the container",
        find=bounded,
        of="both",
    ),
    Rule(
        id="TEN-POD-004",
        severity="critical",
        title="A tenant's pods go where the scheduler sends them, with the priority of their tier",
        rationale="nodeName and a toleration of everything lead to other tenants' GPUs; a higher priority evicts them.",
        fix="Leave nodeName away, name the taint, and use the tier's class",
        find=scheduled,
    ),
)
