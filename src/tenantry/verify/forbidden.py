"""The table of rights that must be refused: what, where, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tenantry.verify.identities import LEVELS, WORKLOAD

READ: Final = ("get", "list", "watch")
WRITE: Final = ("create", "update", "patch", "delete", "deletecollection")
RBAC: Final = "rbac.authorization.k8s.io"
ADMISSION: Final = "admissionregistration.k8s.io"
ALL: Final = frozenset({*LEVELS, WORKLOAD})
LOOKERS: Final = frozenset({"viewer", WORKLOAD})
"""Who writes nothing at all."""


@dataclass(frozen=True)
class Right:
    """Verbs on one resource."""

    group: str
    resource: str
    """Plural, with its subresource as in `pods/exec`."""
    verbs: tuple[str, ...]


@dataclass(frozen=True)
class Concern:
    """Rights that are refused for one reason: one row of the report for each identity."""

    name: str
    what: str
    """Completes "… may not …"."""
    rights: tuple[Right, ...]
    levels: frozenset[str] = ALL


def _each(group: str, resources: str, verbs: tuple[str, ...]) -> tuple[Right, ...]:
    return tuple(Right(group, resource, verbs) for resource in resources.split())


OWN: Final = (
    Concern(
        "guards",
        "change the guards of its own namespace",
        (
            *_each("", "resourcequotas limitranges", WRITE),
            *_each("networking.k8s.io", "networkpolicies", WRITE),
            *_each("kueue.x-k8s.io", "localqueues", WRITE),
        ),
    ),
    Concern(
        "roles",
        "change roles and bindings, or widen its own",
        (
            *_each(RBAC, "rolebindings", WRITE),
            *_each(RBAC, "roles", (*WRITE, "bind", "escalate")),
            Right("", "serviceaccounts", WRITE),
        ),
    ),
    Concern(
        "namespace",
        "relabel, finalize or delete its own namespace",
        (
            Right("", "namespaces", ("update", "patch", "delete")),
            *_each("", "namespaces/status namespaces/finalize", ("update", "patch")),
        ),
    ),
    Concern(
        "impersonation",
        "become a service account",
        (Right("", "serviceaccounts", ("impersonate",)), Right("", "serviceaccounts/token", ("create",))),
    ),
    Concern(
        "pods",
        "change pods past their admission, or place them",
        (
            *_each("", "pods/ephemeralcontainers pods/resize pods/status", ("update", "patch")),
            *_each("", "pods/binding bindings", ("create",)),
        ),
    ),
    Concern(
        "endpoints",
        "point services at addresses",
        (*_each("", "endpoints", WRITE), *_each("discovery.k8s.io", "endpointslices", WRITE)),
    ),
    Concern(
        "devices",
        "claim devices past the quota of GPUs",
        _each("resource.k8s.io", "resourceclaims resourceclaimtemplates", WRITE),
    ),
    Concern("secrets", "read secrets", _each("", "secrets", READ), LOOKERS),
    Concern(
        "writes",
        "write anything",
        (
            *_each("", "configmaps persistentvolumeclaims pods secrets services", WRITE),
            *_each("", "pods/exec pods/attach pods/portforward", ("create", "get")),
            *_each("apps", "deployments statefulsets daemonsets", WRITE),
            *_each("batch", "jobs cronjobs", WRITE),
        ),
        LOOKERS,
    ),
)
"""In the tenant's own namespace."""

FOREIGN: Final = (
    Concern(
        "others-read",
        "read in namespaces of others",
        (*_each("", "secrets configmaps pods events services", READ), *_each("", "pods/log services/proxy", ("get",))),
    ),
    Concern(
        "others-write",
        "write in namespaces of others",
        (
            *_each("", "pods secrets configmaps services", WRITE),
            *_each("", "pods/exec pods/attach pods/portforward serviceaccounts/token", ("create",)),
            *_each("apps", "deployments", WRITE),
            *_each(RBAC, "rolebindings", WRITE),
            *_each("coordination.k8s.io", "leases", WRITE),
            Right("", "namespaces", ("update", "patch", "delete")),
        ),
    ),
)
"""In every namespace of the platform, and of tenants that the identity does not belong to."""

CLUSTER: Final = (
    Concern(
        "everywhere",
        "read or write in all namespaces at once",
        (*_each("", "secrets configmaps pods", READ), Right("", "namespaces", ("list", "watch", "create"))),
    ),
    Concern(
        "nodes",
        "touch nodes and volumes",
        (
            *_each("", "nodes", (*READ, "update", "patch")),
            *_each("", "nodes/proxy", ("get", "create")),
            *_each("", "persistentvolumes", WRITE),
            *_each("storage.k8s.io", "storageclasses csidrivers volumeattachments", WRITE),
        ),
    ),
    Concern(
        "policies",
        "change what is admitted",
        _each(
            ADMISSION,
            "validatingadmissionpolicies validatingadmissionpolicybindings mutatingadmissionpolicies "
            "mutatingadmissionpolicybindings validatingwebhookconfigurations mutatingwebhookconfigurations",
            WRITE,
        ),
    ),
    Concern(
        "cluster",
        "change what the whole cluster shares",
        (
            *_each(RBAC, "clusterroles", (*WRITE, "bind", "escalate")),
            *_each(RBAC, "clusterrolebindings", WRITE),
            *_each("apiextensions.k8s.io", "customresourcedefinitions", WRITE),
            *_each("apiregistration.k8s.io", "apiservices", WRITE),
            *_each("scheduling.k8s.io", "priorityclasses", WRITE),
            *_each("node.k8s.io", "runtimeclasses", WRITE),
            *_each("flowcontrol.apiserver.k8s.io", "flowschemas prioritylevelconfigurations", WRITE),
            *_each("kueue.x-k8s.io", "clusterqueues resourceflavors", WRITE),
        ),
    ),
    Concern(
        "identities",
        "be somebody else",
        (
            *_each("", "users groups serviceaccounts", ("impersonate",)),
            *_each("authentication.k8s.io", "uids userextras", ("impersonate",)),
            Right("certificates.k8s.io", "certificatesigningrequests", ("create", "update", "patch")),
            Right("certificates.k8s.io", "certificatesigningrequests/approval", ("update", "patch")),
        ),
    ),
)
"""In the cluster as a whole."""
