"""Pods that must be refused. Each differs from an ordinary one in one field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tenantry.kube import Json
from tenantry.verify.probe import NAME, Facts, Probe, namespaced, pod


def _pod(guard: str, what: str, change: Mapping[str, Any], words: str = "") -> Probe:
    return Probe(guard, what, lambda facts: pod(facts, change), words)


def _container(guard: str, what: str, change: Mapping[str, Any], words: str = "") -> Probe:
    return Probe(guard, what, lambda facts: pod(facts, container=change), words)


def _affinity(term: Mapping[str, Any]) -> Mapping[str, Any]:
    required = [{"topologyKey": "kubernetes.io/hostname", "labelSelector": {}, **term}]
    return {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}}


def _deployment(facts: Facts) -> Json:
    labels = {"app": NAME}
    template = {"metadata": {"labels": labels}, "spec": pod(facts, {"serviceAccountName": "of-the-platform"})["spec"]}
    return namespaced(
        facts, "apps/v1", "Deployment", {"spec": {"selector": {"matchLabels": labels}, "template": template}}
    )


POD_PROBES: Final = (
    _pod("pod-tolerations", "a pod that tolerates every taint", {"tolerations": [{"operator": "Exists"}]}),
    _pod("pod-node-name", "a pod that names its node", {"nodeName": "any-node"}),
    _pod(
        "pod-node-selection",
        "a pod that selects a single node",
        {"nodeSelector": {"kubernetes.io/hostname": "any-node"}},
    ),
    _pod("pod-affinity", "a pod that keeps away pods of other namespaces", _affinity({"namespaceSelector": {}})),
    _pod("pod-priority", "a pod of a system's priority", {"priorityClassName": "system-cluster-critical"}),
    _pod("pod-scheduler", "a pod with a scheduler of its own", {"schedulerName": "own"}),
    _container(
        "pod-resources",
        "a pod that asks for another vendor's accelerators",
        {"resources": {"limits": {"example.com/accelerator": "1"}}},
    ),
    _pod(
        "pod-volumes",
        "a pod that calls a storage driver by itself",
        {"volumes": [{"name": "own", "csi": {"driver": "example.com"}}]},
    ),
    # Kubernetes itself refuses a pod whose account is not there. Of a Deployment only the rule reads the template.
    Probe("workload-accounts", "a Deployment with the account of a part of the platform", _deployment),
    _container("pod-images", "an image of an unlisted registry", {"image": "registry.invalid/image:v1"}),
    _container(
        "pod-security",
        "a privileged pod",
        {"securityContext": {"privileged": True, "allowPrivilegeEscalation": True}},
        'violates PodSecurity "restricted',
    ),
    _pod(
        "pod-security",
        "a pod with a path of its node",
        {"volumes": [{"name": "root", "hostPath": {"path": "/"}}]},
        'violates PodSecurity "restricted',
    ),
    _pod("pod-security", "a pod in its node's network", {"hostNetwork": True}, 'violates PodSecurity "restricted'),
    _container(
        "quota",
        "a pod larger than the quota",
        {"resources": {"requests": {"cpu": "1000000"}}},
        "exceeded quota: tenant",
    ),
)
"""At least one a rule about pods, and what Pod Security and the quota must refuse."""
