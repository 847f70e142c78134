"""Which changed fields make the engine delete an object and create it anew.

The names follow the provider's own table (pulumi-kubernetes v4, `provider/pkg/provider/diff.go`), cut down to
the kinds that a platform declares. A field that is missing here shows as an update in the diff and as a replacement in
`preview`, which asks the provider itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from tenantry.diff.model import FieldChange

EVERY_KIND = ("apiVersion", "kind", "metadata.name", "metadata.namespace")

REPLACING: dict[str, tuple[str, ...]] = {
    "kubernetes:apps/v1:DaemonSet": ("spec.selector",),
    "kubernetes:apps/v1:Deployment": ("spec.selector",),
    "kubernetes:apps/v1:StatefulSet": (
        "spec.podManagementPolicy",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    "kubernetes:batch/v1:Job": ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    "kubernetes:core/v1:ConfigMap": ("binaryData", "data"),
    "kubernetes:core/v1:PersistentVolumeClaim": ("spec",),
    "kubernetes:core/v1:ResourceQuota": ("spec.scopes",),
    "kubernetes:core/v1:Secret": ("data", "stringData", "type"),
    "kubernetes:core/v1:Service": ("spec.clusterIP",),
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": ("roleRef",),
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": ("roleRef",),
    "kubernetes:storage.k8s.io/v1:StorageClass": ("parameters", "provisioner"),
}
"""Paths by type; a path means everything below it too."""


def replaces(type_token: str, fields: Iterable[FieldChange]) -> bool:
    """Whether any of the changed fields makes the engine replace a resource of this type."""
    if not type_token.startswith("kubernetes:"):
        return False
    paths = (*EVERY_KIND, *REPLACING.get(type_token, ()))
    return any(_within(change.path, path) for change in fields for path in paths)


def _within(path: str, above: str) -> bool:
    return path == above or path.startswith((f"{above}.", f"{above}["))
