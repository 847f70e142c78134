"""What belongs to the whole cluster, to the platform or to another team: A31 to A34, and B's copies of the rest."""

from __future__ import annotations

from tests.isolation.attack import EVERYBODY, Attack
from tests.isolation.attacks.access import CLUSTER, OTHER, at, attempt
from tests.isolation.calls import Call, Json, collection, create, delete, merge, read
from tests.isolation.guards import denied, forbidden
from tests.isolation.objects import obj, pod

ADMISSION, RBAC = "admissionregistration.k8s.io/v1", "rbac.authorization.k8s.io/v1"
STORAGE = "storage.k8s.io/v1"
DISK = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/"}}
ATTACHING = {"attacher": "x", "nodeName": "general-0", "source": {"persistentVolumeName": "victims-disk"}}
EVERYTHING = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
HOOK = {
    "name": "a.b.c",
    "clientConfig": {"url": "https://127.0.0.1/"},
    "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["secrets"]}],
    "sideEffects": "None",
    "admissionReviewVersions": ["v1"],
}
API_SERVICE = {
    "group": "evil.example.com",
    "version": "v1",
    "groupPriorityMinimum": 1,
    "versionPriority": 1,
    "service": {"name": "theirs", "namespace": "$own"},
}
EVIL_KIND = {
    "group": "evil.example.com",
    "names": {"kind": "Evil", "plural": "evils"},
    "scope": "Cluster",
    "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}],
}
POLICY = {"matchConstraints": {"resourceRules": HOOK["rules"]}, "validations": [{"expression": "true"}]}
BINDING = {"policyName": "tenantry-pod-images", "validationActions": ["Audit"]}
CLUSTER_BINDING = {
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
    "subjects": [{"kind": "Group", "name": "$own-people", "apiGroup": "rbac.authorization.k8s.io"}],
}
FLOW = {"priorityLevelConfiguration": {"name": "exempt"}, "matchingPrecedence": 2}

MADE: tuple[tuple[str, str, str, str, Json], ...] = (
    ("A31", "v1", "PersistentVolume", "persistentvolumes", {"spec": DISK}),
    ("A31", STORAGE, "StorageClass", "storageclasses", {"provisioner": "x"}),
    ("A31", STORAGE, "CSIDriver", "csidrivers", {"spec": {}}),
    ("A31", STORAGE, "VolumeAttachment", "volumeattachments", {"spec": ATTACHING}),
    ("A32", ADMISSION, "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", {"webhooks": [HOOK]}),
    ("A32", ADMISSION, "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", {"webhooks": [HOOK]}),
    ("A32", ADMISSION, "ValidatingAdmissionPolicy", "validatingadmissionpolicies", {"spec": POLICY}),
    ("A32", ADMISSION, "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", {"spec": BINDING}),
    (
        "A32",
        "apiregistration.k8s.io/v1",
        "APIService",
        "apiservices",
        {"metadata": {"name": "v1.evil.example.com"}, "spec": API_SERVICE},
    ),
    (
        "A32",
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
        {"metadata": {"name": "evils.evil.example.com"}, "spec": EVIL_KIND},
    ),
    ("A32", RBAC, "ClusterRole", "clusterroles", {"rules": EVERYTHING}),
    ("A32", RBAC, "ClusterRoleBinding", "clusterrolebindings", CLUSTER_BINDING),
    ("A32", "scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", {"value": 1000000000}),
    ("A32", "node.k8s.io/v1", "RuntimeClass", "runtimeclasses", {"handler": "x"}),
    ("A32", "flowcontrol.apiserver.k8s.io/v1", "FlowSchema", "flowschemas", {"spec": FLOW}),
)
MAKING = tuple(
    attempt(row, kind.lower(), create(plural, obj(api_version, kind, **rest), None), "create", plural)
    for row, api_version, kind, plural, rest in MADE
)
GUARD_BINDING = f"{collection(ADMISSION, 'validatingadmissionpolicybindings', None)}/tenantry-pod-images"
UNMAKING = (
    attempt("A32", "delete-a-guard", delete(GUARD_BINDING), "delete", "validatingadmissionpolicybindings"),
    attempt(
        "A32",
        "weaken-a-guard",
        merge(GUARD_BINDING, {"spec": {"validationActions": ["Audit"]}}),
        "patch",
        "validatingadmissionpolicybindings",
    ),
)

NODES = "/api/v1/nodes"
LABEL = {"metadata": {"labels": {"tenantry.dev/pool": "team-a"}}}
VICTIM_POD, OWN_POD = at(OTHER, "pods", "theirs"), at("$own", "pods", "theirs")
NO_NODE = "does not have a host assigned"


def into(name: str, subresource: str, **query: str) -> Attack:
    """Reaching into another team's pod; the control reaches into one's own, as far as a pod without a node goes."""
    return Attack(
        row="A33",
        name=name,
        call=Call(method="POST" if subresource != "log" else "GET", path=f"{VICTIM_POD}/{subresource}", query=query),
        control=Call(method="POST" if subresource != "log" else "GET", path=f"{OWN_POD}/{subresource}", query=query),
        stops=(forbidden("create" if subresource != "log" else "get", "pods/" + subresource, CLUSTER),),
        identities=EVERYBODY,
        reached=NO_NODE,
    )


NODE_REACHING = (
    attempt("A33", "nodes", read(NODES), "list", "nodes"),
    attempt("A33", "node", read(f"{NODES}/h100-0"), "get", "nodes"),
    attempt("A33", "label-node", merge(f"{NODES}/h100-0", LABEL), "patch", "nodes", denied("owned-objects")),
    attempt("A33", "node-proxy", read(f"{NODES}/h100-0/proxy/pods"), "get", "nodes/proxy", reached="lookup h100-0"),
    into("exec", "exec", command="id", container="main"),
    into("attach", "attach", container="main"),
    into("port-forward", "portforward", ports="80"),
    into("log", "log", container="main"),
    attempt(
        "A33",
        "service-proxy",
        read(f"{at(OTHER, 'services', 'theirs')}/proxy/"),
        "get",
        "services/proxy",
        reached="no endpoints available",
    ),
)

LEASE = obj("coordination.k8s.io/v1", "Lease", spec={"holderIdentity": "eve"})
LEASES = collection("coordination.k8s.io/v1", "leases", "kube-system")
SYSTEM = (
    attempt(
        "A34",
        "lease",
        merge(f"{LEASES}/kube-scheduler", {"spec": {"holderIdentity": "eve"}}),
        "patch",
        "leases",
        reached="not found",
    ),
    attempt("A34", "new-lease", create("leases", LEASE, "kube-system"), "create", "leases"),
    attempt(
        "A34",
        "configmap",
        read(at("kube-system", "configmaps", "extension-apiserver-authentication")),
        "get",
        "configmaps",
    ),
    attempt("A34", "events-of-others", read(collection("v1", "events", OTHER)), "list", "events"),
    attempt(
        "A34",
        "endpoints-of-the-api-server",
        merge(at("default", "endpoints", "kubernetes"), {"subsets": []}),
        "patch",
        "endpoints",
        reached="not found",
    ),
    attempt("A34", "secrets-of-the-platform", read(collection("v1", "secrets", "tenantry-system")), "list", "secrets"),
    *(
        attempt("A34", f"pod-in-{where}", create("pods", pod(), where), "create", "pods")
        for where in ("kube-system", "kubeflow", "seldon", "monitoring")
    ),
)

ATTACKS: tuple[Attack, ...] = (*MAKING, *UNMAKING, *NODE_REACHING, *SYSTEM)
