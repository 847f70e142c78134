"""What is in the cluster besides what Tenantry renders: other projects' kinds, and the teams' own objects."""

from __future__ import annotations

from tenantry import names
from tenantry.kube import Json
from tenantry.sandbox.kinds import Kind, permissive
from tests.isolation.attack import RUNNER, SELDON
from tests.isolation.objects import pod_spec

RBAC = "rbac.authorization.k8s.io"
PART = "platform-part"
"""A service account of one of the platform's own parts in a tenant's namespace."""
SYSTEMS = ("kubeflow", "seldon", "monitoring")
"""Namespaces of the platform's shared controllers, as their projects name them."""

KINDS = (
    Kind("gateway.networking.k8s.io", "HTTPRoute", "httproutes", ("v1",)),
    Kind("gateway.networking.k8s.io", "ReferenceGrant", "referencegrants", ("v1beta1",)),
    Kind("snapshot.storage.k8s.io", "VolumeSnapshot", "volumesnapshots", ("v1",)),
    Kind("mlops.seldon.io", "Server", "servers", ("v1alpha1",)),
    Kind("mlops.seldon.io", "ServerConfig", "serverconfigs", ("v1alpha1",)),
    Kind("mlops.seldon.io", "SeldonConfig", "seldonconfigs", ("v1alpha1",)),
    Kind("mlops.seldon.io", "SeldonRuntime", "seldonruntimes", ("v1alpha1",)),
)
"""Kinds that a platform may come to serve, and that are not in the sandbox."""


def definition(kind: Kind) -> Json:
    """A permissive definition, also of Kubernetes' own groups, which want to know that nobody there approved of it."""
    made = permissive(kind)
    made["metadata"]["annotations"] = {"api-approved.kubernetes.io": "unapproved, for tests"}
    return made


CLUSTER: list[Json] = [
    *({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in SYSTEMS),
    {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "unconfined"}, "handler": "runc"},
    {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "victims-disk", "labels": {"of": "victim"}},
        "spec": {
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "standard",
            "persistentVolumeReclaimPolicy": "Retain",
            "hostPath": {"path": "/victim"},
        },
    },
]


def owned(tenant: str, component: str) -> dict[str, str]:
    """Labels of what the platform owns in a tenant's namespace."""
    return {
        names.TENANT_LABEL: tenant,
        names.COMPONENT_LABEL: component,
        names.MANAGED_BY_LABEL: names.MANAGED_BY,
    }


def of_tenant(tenant: str, *, attacker: bool) -> list[Json]:
    """What there is in a tenant's namespace: what its platform components will bring, and what the team made."""
    platform = [
        account(tenant, RUNNER, "pipelines"),
        account(tenant, SELDON, "serving"),
        account(tenant, PART, "pipelines"),
        _role(tenant, "pipelines", "argoproj.io", ["workflows", "cronworkflows", "workflowtemplates"]),
        _role(tenant, "pipelines-scheduled", "kubeflow.org", ["scheduledworkflows", "viewers"]),
        _role(tenant, "serving", "machinelearning.seldon.io", ["seldondeployments"]),
        _binding(tenant, RUNNER, "viewer"),
        _binding(tenant, SELDON, "viewer"),
        _binding(tenant, RUNNER, "developer"),
        _binding(tenant, RUNNER, "pipelines"),
        _binding(tenant, RUNNER, "pipelines-scheduled"),
        _binding(tenant, SELDON, "developer"),
        _binding(tenant, SELDON, "serving"),
        _config(tenant, "kfp-launcher", owned(tenant, "pipelines")),
        _config(tenant, "artifact-repositories", owned(tenant, "pipelines")),
        _secret(tenant, "mlpipeline-minio-artifact", owned(tenant, "pipelines")),
    ]
    team = [
        _secret(tenant, "theirs", {}),
        _config(tenant, "theirs", {}),
        _service(tenant),
        pending_pod(tenant, "theirs"),
    ]
    return platform + team


def _meta(tenant: str, name: str, labels: dict[str, str]) -> Json:
    return {"name": name, "namespace": tenant, "labels": labels}


def _config(tenant: str, name: str, labels: dict[str, str]) -> Json:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": _meta(tenant, name, labels), "data": {"a": "1"}}


def _secret(tenant: str, name: str, labels: dict[str, str]) -> Json:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": _meta(tenant, name, labels), "stringData": {"a": "1"}}


def account(tenant: str, name: str, component: str) -> Json:
    """A service account that the platform made. Pods get no token of it unless they ask."""
    metadata = _meta(tenant, name, owned(tenant, component))
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata, "automountServiceAccountToken": False}


def _role(tenant: str, name: str, group: str, plurals: list[str]) -> Json:
    """What upstream's manifests grant the account on its own kinds, and no more."""
    verbs = ["create", "delete", "get", "list", "patch", "update", "watch"]
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "Role",
        "metadata": _meta(tenant, name, owned(tenant, name)),
        "rules": [{"apiGroups": [group], "resources": plurals, "verbs": verbs}],
    }


def _binding(tenant: str, account: str, role: str) -> Json:
    """Besides its own kinds an account gets what a developer has: the most that any may ever hold."""
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": _meta(tenant, f"{account}-{role}", owned(tenant, "access")),
        "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": tenant}],
    }


def _service(tenant: str) -> Json:
    spec = {"selector": {"app": "theirs"}, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": _meta(tenant, "theirs", {}), "spec": spec}


def pending_pod(tenant: str, name: str) -> Json:
    """A pod that waits in its team's queue: it has no node, so what reaches it ends at the API server."""
    spec = pod_spec() | {"schedulingGates": [{"name": "kueue.x-k8s.io/admission"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": _meta(tenant, name, {"app": "theirs"}), "spec": spec}
