"""Reaching beyond one's rights: A03 to A13, A31 to A34."""

from __future__ import annotations

from tests.isolation.attack import ADMIN, EVERYBODY, VIEWER, Attack
from tests.isolation.calls import Call, Json, apply, collection, create, delete, merge, patch, read
from tests.isolation.guards import Stop, denied, either, forbidden, rights
from tests.isolation.objects import obj

OTHER = "$other"
RBAC = "rbac.authorization.k8s.io/v1"
CLUSTER = "cluster"


def reach(
    row: str,
    name: str,
    call: Call,
    *stops: Stop,
    control: Call | None = None,
    identities: tuple[str, ...] = EVERYBODY,
    reached: str = "",
) -> Attack:
    """One request. Without a control of its own, the platform may do the very same."""
    return Attack(row=row, name=name, call=call, control=control, stops=stops, identities=identities, reached=reached)


def attempt(
    row: str,
    name: str,
    call: Call,
    verb: str,
    resource: str,
    *more: Stop,
    role: str = CLUSTER,
    identities: tuple[str, ...] = EVERYBODY,
    reached: str = "",
    control: Call | None = None,
) -> Attack:
    """One request that RBAC refuses first."""
    stops = (forbidden(verb, resource, role), *more)
    return reach(row, name, call, *stops, identities=identities, reached=reached, control=control)


def at(namespace: str, plural: str, name: str, api_version: str = "v1") -> str:
    """Address of one object."""
    return f"{collection(api_version, plural, namespace)}/{name}"


SECRETS, OWN_SECRETS = collection("v1", "secrets", OTHER), collection("v1", "secrets")
ALL_SECRETS = collection("v1", "secrets", None)
METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
WATCH = {"watch": "1", "timeoutSeconds": "1"}
ONE = {"fieldSelector": "metadata.name=theirs"}


def secret(name: str, verb: str, path: str, own: str, **query: str) -> Attack:
    """Reading a secret of others; the control reads its own."""
    stop = forbidden(verb, "secrets", CLUSTER)
    return reach("A03", name, read(path, **query), stop, control=read(own, **query))


AS_METADATA = {"Accept": METADATA_ONLY}
SECRET_READING = (
    secret("get", "get", f"{SECRETS}/theirs", f"{OWN_SECRETS}/theirs"),
    secret("list", "list", SECRETS, OWN_SECRETS),
    secret("list-everywhere", "list", ALL_SECRETS, OWN_SECRETS),
    secret("watch", "watch", SECRETS, OWN_SECRETS, **WATCH),
    secret("watch-everywhere", "watch", ALL_SECRETS, OWN_SECRETS, **WATCH),
    secret("field-selector", "list", SECRETS, OWN_SECRETS, **ONE),
    secret("of-the-system", "list", collection("v1", "secrets", "kube-system"), OWN_SECRETS),
    reach(
        "A03",
        "metadata-only",
        Call(method="GET", path=SECRETS, headers=AS_METADATA),
        forbidden("list", "secrets", CLUSTER),
        control=Call(method="GET", path=OWN_SECRETS, headers=AS_METADATA),
    ),
    Attack(
        row="A03",
        name="viewer-reads-own",
        call=read(OWN_SECRETS),
        control=read(collection("v1", "configmaps")),
        stops=(forbidden("list", "secrets", VIEWER),),
        identities=(VIEWER,),
    ),
)

QUOTA, LIMITS = at("$own", "resourcequotas", "tenant"), at("$own", "limitranges", "defaults")
MORE = {"spec": {"hard": {"pods": "10000"}}}
NEW_QUOTA = create("resourcequotas", obj("v1", "ResourceQuota", spec={"hard": {"pods": "10000"}}))
NEW_LIMITS = create("limitranges", obj("v1", "LimitRange", spec={"limits": []}))
OWNED, RIGHTS = denied("owned-objects"), denied("rights-and-limits")
OWNED_RIGHTS = either(OWNED, RIGHTS)
OWNED_NAME = either(OWNED, denied("reserved-names"))
PEOPLE = (ADMIN, *EVERYBODY)
LIMIT_WRITING: tuple[Attack, ...] = (
    attempt("A04", "create-quota", NEW_QUOTA, "create", "resourcequotas", RIGHTS, role="developer", identities=PEOPLE),
    attempt("A04", "create-limits", NEW_LIMITS, "create", "limitranges", RIGHTS, role="developer", identities=PEOPLE),
    attempt(
        "A04",
        "delete-quotas",
        delete(collection("v1", "resourcequotas")),
        "deletecollection",
        "resourcequotas",
        OWNED_RIGHTS,
        role="developer",
        identities=PEOPLE,
    ),
    *(
        attempt("A04", f"{name}-{plural}", call, verb, plural, OWNED_RIGHTS, role="developer", identities=PEOPLE)
        for plural, path, change in (("resourcequotas", QUOTA, MORE), ("limitranges", LIMITS, {"spec": {"limits": []}}))
        for name, verb, call in (
            ("patch", "patch", merge(path, change)),
            ("delete", "delete", delete(path)),
            ("relabel", "patch", merge(path, {"metadata": {"labels": {"tenantry.dev/tenant": None}}})),
        )
    ),
)

LIMIT_WRITING += (
    attempt(
        "A04",
        "delete-quota-as-admin",
        delete(QUOTA),
        "delete",
        "resourcequotas",
        OWNED_RIGHTS,
        role="admin",
        identities=(ADMIN,),
    ),
)

GUARD = at("$own", "configmaps", "tenantry-guard")
OWNED_WRITING = (
    # Developers write ConfigMaps and Secrets: these are stopped by the rule alone.
    reach(
        "A05",
        "patch-parameters",
        merge(GUARD, {"data": {"node-pools": "h100"}}),
        OWNED_NAME,
        control=merge(at("$own", "configmaps", "theirs"), {"data": {"a": "2"}}),
        identities=PEOPLE,
    ),
    reach("A05", "delete-parameters", delete(GUARD), OWNED_NAME, identities=PEOPLE),
    reach(
        "A05",
        "relabel-parameters",
        merge(GUARD, {"metadata": {"labels": {"tenantry.dev/tenant": None, "app.kubernetes.io/managed-by": None}}}),
        OWNED_NAME,
        control=merge(at("$own", "configmaps", "theirs"), {"metadata": {"labels": {"a": "b"}}}),
        identities=PEOPLE,
    ),
    reach(
        "A05",
        "adopt",
        create("configmaps", obj("v1", "ConfigMap", metadata={"labels": {"tenantry.dev/tenant": "$own"}})),
        denied("owned-objects", "tenantry.dev/tenant"),
        control=create("configmaps", obj("v1", "ConfigMap", metadata={"labels": {"team": "$own"}})),
        identities=PEOPLE,
    ),
    attempt(
        "A05",
        "delete-network-policy",
        delete(at("$own", "networkpolicies", "default-deny", "networking.k8s.io/v1")),
        "delete",
        "networkpolicies",
        either(OWNED, denied("network-policies")),
        role="developer",
        identities=PEOPLE,
    ),
    attempt(
        "A05",
        "delete-role-binding",
        delete(at("$own", "rolebindings", "viewer", RBAC)),
        "delete",
        "rolebindings",
        OWNED_RIGHTS,
        role="developer",
        identities=PEOPLE,
    ),
    attempt(
        "A05",
        "delete-service-account",
        delete(at("$own", "serviceaccounts", "pipeline-runner")),
        "delete",
        "serviceaccounts",
        OWNED_RIGHTS,
        role="developer",
        identities=PEOPLE,
    ),
)

ALL_EGRESS = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}
ALL_INGRESS = {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}]}
NETWORK = tuple(
    attempt(
        "A06",
        name,
        create("networkpolicies", obj("networking.k8s.io/v1", "NetworkPolicy", spec=spec)),
        "create",
        "networkpolicies",
        denied("network-policies", "policies add up"),
        role="developer",
        identities=PEOPLE,
    )
    for name, spec in (("allow-all-egress", ALL_EGRESS), ("allow-all-ingress", ALL_INGRESS))
)


def role_binding(role: str, kind: str = "ClusterRole") -> Json:
    """A binding of oneself."""
    group = "rbac.authorization.k8s.io"
    subject = {"kind": "User", "name": "developer@$own", "apiGroup": group}
    return obj(RBAC, "RoleBinding", roleRef={"apiGroup": group, "kind": kind, "name": role}, subjects=[subject])


ROLE = obj(RBAC, "Role", rules=[{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}])
SUBJECTS = {"subjects": [{"kind": "User", "name": "eve", "apiGroup": "rbac.authorization.k8s.io"}]}
ESCALATION = (
    attempt(
        "A07",
        "role-with-everything",
        create("roles", ROLE),
        "create",
        "roles",
        RIGHTS,
        role="developer",
        identities=PEOPLE,
    ),
    *(
        attempt(
            "A07",
            f"bind-{role}",
            create("rolebindings", role_binding(role)),
            "create",
            "rolebindings",
            RIGHTS,
            role="developer",
            identities=PEOPLE,
        )
        for role in ("cluster-admin", "admin", "edit")
    ),
    attempt(
        "A07",
        "widen-own-role",
        patch(at("$own", "roles", "viewer", RBAC), {"op": "replace", "path": "/rules", "value": ROLE["rules"]}),
        "patch",
        "roles",
        OWNED_RIGHTS,
        role="developer",
        identities=PEOPLE,
    ),
    attempt(
        "A07",
        "change-subjects",
        merge(at("$own", "rolebindings", "admin", RBAC), SUBJECTS),
        "patch",
        "rolebindings",
        OWNED_RIGHTS,
        role="developer",
        identities=PEOPLE,
    ),
)

IRSA = {"metadata": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/of-victim"}}}
ROLES_OF_THE_CLOUD = (
    attempt(
        "A44",
        "annotate",
        merge(at("$own", "serviceaccounts", "pipeline-runner"), IRSA),
        "patch",
        "serviceaccounts",
        OWNED_RIGHTS,
        role="developer",
        identities=PEOPLE,
    ),
)

OWN_PODS = collection("v1", "pods")


def impersonation(name: str, mode: str, **headers: str) -> Attack:
    """A harmless request as somebody else; the control is the same request as oneself."""
    sent = {key.replace("_", "-"): value for key, value in headers.items()}
    stop = Stop(rights(CLUSTER), 403, f"cannot (impersonate|impersonate-on:{mode}:list) resource")
    return reach(
        "A08",
        name,
        Call(method="GET", path=OWN_PODS, headers=sent),
        stop,
        control=read(OWN_PODS),
        identities=PEOPLE,
        reached='cannot list resource "pods"',
    )


IMPERSONATION = (
    impersonation("user", "user-info", Impersonate_User="system:admin"),
    impersonation("service-account", "serviceaccount", Impersonate_User="system:serviceaccount:kube-system:default"),
    impersonation("masters", "user-info", Impersonate_User="x", Impersonate_Group="system:masters"),
    impersonation("uid", "user-info", Impersonate_User="x", Impersonate_Uid="1"),
    impersonation("extra", "user-info", Impersonate_User="x", Impersonate_Extra_scopes="all"),
)

TOKEN = obj("authentication.k8s.io/v1", "TokenRequest", spec={})


def token(namespace: str, account: str, role: str, *more: Stop) -> Attack:
    """A token of another account."""
    call = Call(method="POST", path=f"{at(namespace, 'serviceaccounts', account)}/token", body=TOKEN)
    where = {"$own": "own", "$other": "other"}.get(namespace, namespace)
    return attempt(
        "A09", f"{where}-{account}", call, "create", "serviceaccounts/token", *more, role=role, identities=PEOPLE
    )


TOKENS = (
    token("$own", "pipeline-runner", "developer", RIGHTS),
    token("$own", "serving", "developer", RIGHTS),
    token(OTHER, "pipeline-runner", CLUSTER, RIGHTS),
    token("kube-system", "default", CLUSTER),
)


def typed_secret(kind: str) -> Call:
    """A Secret of a type."""
    meta = {"name": "$name", "annotations": {"kubernetes.io/service-account.name": "pipeline-runner"}}
    return create("secrets", obj("v1", "Secret", metadata=meta, type=kind))


CERTIFICATES = "certificates.k8s.io/v1"
REQUEST = obj(
    CERTIFICATES,
    "CertificateSigningRequest",
    spec={"request": "e30=", "signerName": "kubernetes.io/kube-apiserver-client", "usages": ["client auth"]},
)
CREDENTIALS = (
    reach(
        "A10",
        "token-secret",
        typed_secret("kubernetes.io/service-account-token"),
        denied("token-secrets", "never expires"),
        control=typed_secret("Opaque"),
    ),
    attempt(
        "A10",
        "signing-request",
        Call(method="GET", path=collection(CERTIFICATES, "certificatesigningrequests", None)),
        "list",
        "certificatesigningrequests",
    ),
    Attack(
        row="A10",
        name="create-signing-request",
        call=create("certificatesigningrequests", REQUEST, None),
        control=None,
        stops=(forbidden("create", "certificatesigningrequests", CLUSTER),),
        identities=EVERYBODY,
        reached="spec.request",
    ),
)

NAMESPACE, VICTIM = "/api/v1/namespaces/$own", "/api/v1/namespaces/$other"
PRIVILEGED = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}
STEP = {"op": "replace", "path": "/metadata/labels/pod-security.kubernetes.io~1enforce", "value": "privileged"}
OWNER = {"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "Namespace", "name": "x", "uid": "1"}]}}
MINE = denied("owned-namespaces")
WHOLE = obj("v1", "Namespace", metadata={"name": "$own", "labels": PRIVILEGED["metadata"]["labels"]})


def namespace(
    row: str, name: str, call: Call, verb: str = "patch", *more: Stop, resource: str = "namespaces"
) -> Attack:
    """A change of a namespace."""
    return attempt(row, name, call, verb, resource, *more, identities=PEOPLE)


NAMESPACES = (
    namespace("A11", "pod-security", merge(NAMESPACE, PRIVILEGED), "patch", MINE),
    namespace(
        "A11", "tenant-label", merge(NAMESPACE, {"metadata": {"labels": {"tenantry.dev/tenant": None}}}), "patch", MINE
    ),
    namespace(
        "A11",
        "annotation",
        merge(NAMESPACE, {"metadata": {"annotations": {"scheduler.alpha.kubernetes.io/node-selector": "x=y"}}}),
        "patch",
        MINE,
    ),
    namespace("A11", "owner", merge(NAMESPACE, OWNER), "patch", either(MINE, denied("owner-references"))),
    namespace("A11", "delete", delete(NAMESPACE), "delete", MINE),
    namespace("A12", "status", merge(f"{NAMESPACE}/status", PRIVILEGED), "patch", MINE, resource="namespaces/status"),
    namespace("A12", "json-patch", patch(NAMESPACE, STEP), "patch", MINE),
    namespace(
        "A12", "json-patch-status", patch(f"{NAMESPACE}/status", STEP), "patch", MINE, resource="namespaces/status"
    ),
    namespace("A12", "server-side-apply", apply(NAMESPACE, WHOLE), "patch", MINE),
    namespace(
        "A12",
        "finalize",
        Call(method="PUT", path=f"{NAMESPACE}/finalize", body=WHOLE | {"spec": {"finalizers": []}}),
        "update",
        MINE,
        resource="namespaces/finalize",
    ),
    namespace("A13", "label-victim", merge(VICTIM, PRIVILEGED), "patch", MINE),
    namespace("A13", "label-system", merge("/api/v1/namespaces/kube-system", PRIVILEGED)),
    namespace("A13", "label-default", merge("/api/v1/namespaces/default", PRIVILEGED)),
    namespace("A13", "delete-victim", delete(VICTIM), "delete", MINE),
    namespace("A13", "create", create("namespaces", obj("v1", "Namespace"), None), "create"),
    namespace(
        "A13",
        "create-as-victim",
        create("namespaces", obj("v1", "Namespace", metadata={"labels": {"tenantry.dev/tenant": OTHER}}), None),
        "create",
        MINE,
    ),
)

ATTACKS: tuple[Attack, ...] = (
    *SECRET_READING,
    *LIMIT_WRITING,
    *OWNED_WRITING,
    *NETWORK,
    *ESCALATION,
    *ROLES_OF_THE_CLOUD,
    *IMPERSONATION,
    *TOKENS,
    *CREDENTIALS,
    *NAMESPACES,
)
