"""Objects that any cluster has and a bare API server lacks: KWOK's rights and a default storage class."""

from __future__ import annotations

import time
from typing import Any, Final

from tenantry.errors import PlatformError
from tenantry.kube import Kube
from tenantry.sandbox.credentials import KWOK_USER
from tenantry.sandbox.nodes import FIELD_MANAGER

Json = dict[str, Any]
READ: Final = ["get", "list", "watch"]
WRITE: Final = ["patch", "update"]

KWOK_ROLE: Final[Json] = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRole",
    "metadata": {"name": KWOK_USER},
    # After KWOK's own role, less what only its optional features need.
    "rules": [
        {"apiGroups": [""], "resources": ["nodes"], "verbs": READ},
        {"apiGroups": [""], "resources": ["nodes/status", "pods/status"], "verbs": WRITE},
        {"apiGroups": [""], "resources": ["pods"], "verbs": [*READ, *WRITE, "delete"]},
        {"apiGroups": [""], "resources": ["events"], "verbs": ["create", *WRITE]},
        {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": [*READ, *WRITE, "create"]},
    ],
}
KWOK_BINDING: Final[Json] = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {"name": KWOK_USER},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": KWOK_USER},
    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": KWOK_USER}],
}
STORAGE_CLASS: Final[Json] = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
    # There are no disks: the controllers hand out folders. A claim waits until a pod needs it, as in a cloud.
    "provisioner": "kubernetes.io/host-path",
    "volumeBindingMode": "WaitForFirstConsumer",
    "reclaimPolicy": "Delete",
}
QUOTA: Final[Json] = {
    "apiVersion": "v1",
    "kind": "ResourceQuota",
    "metadata": {"name": "tenantry-sandbox-probe", "namespace": "default"},
    "spec": {"hard": {"count/configmaps": "100"}},
}
"""Made and removed during a start, to see that quotas bind."""


def sync(kube: Kube) -> None:
    """Make the objects what they are here."""
    found = kube.get("storage.k8s.io/v1", "StorageClass", STORAGE_CLASS["metadata"]["name"])
    if found and found["provisioner"] != STORAGE_CLASS["provisioner"]:
        # Made by an older version: who provisions a class is settled when it is made.
        kube.delete("storage.k8s.io/v1", "StorageClass", STORAGE_CLASS["metadata"]["name"])
    for obj in (KWOK_ROLE, KWOK_BINDING, STORAGE_CLASS):
        kube.apply(obj, FIELD_MANAGER, force=True)
    # A start that was killed while it waited has left its probe.
    _remove_probe(kube)


def wait_for_controllers(kube: Kube, patience: float) -> None:
    """Wait until the controllers do what everything else stands on: a quota binds once they have written its status.

    Raises:
        PlatformError: they did not within `patience` seconds.
    """
    kube.apply(QUOTA, FIELD_MANAGER, force=True)
    until = time.monotonic() + patience
    try:
        while not _bound(kube):
            if time.monotonic() > until:
                raise PlatformError(
                    f"The controllers have not bound a quota within {patience:.0f} s. "
                    "See `tenantry sandbox logs kube-controller-manager`."
                )
            time.sleep(0.1)
    finally:
        _remove_probe(kube)


def _bound(kube: Kube) -> bool:
    quota = kube.get("v1", "ResourceQuota", QUOTA["metadata"]["name"], "default") or {}
    account = kube.get("v1", "ServiceAccount", "default", "default")
    return account is not None and quota.get("status", {}).get("hard") == QUOTA["spec"]["hard"]


def _remove_probe(kube: Kube) -> None:
    kube.delete("v1", "ResourceQuota", QUOTA["metadata"]["name"], "default", propagation="Background")
