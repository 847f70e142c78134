"""Who may do what where: as the catalog says, as the cluster's roles and bindings say, and where the two disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from tenantry import names
from tenantry.kube import Kube

Agreement = Literal["agreed", "catalog only", "cluster only", "role differs", "not asked"]
"""`not asked`: the cluster, because this is offline."""
RBAC: Final = "rbac.authorization.k8s.io/v1"
EVERYWHERE: Final = "*"
"""Instead of a namespace: the whole cluster."""
EVERYBODY: Final = frozenset({"system:authenticated", "system:unauthenticated", "system:serviceaccounts"})
"""Groups that people and service accounts of tenants are in without any file saying so."""
DEFAULTS: Final = ("kubernetes.io/bootstrapping", "rbac-defaults")
"""Label of what every Kubernetes cluster binds by itself: it gives everybody no more than looking at itself."""
READ: Final = frozenset({"get", "list", "watch"})


@dataclass(frozen=True, order=True)
class Permission:
    """One verb on one kind."""

    group: str
    resource: str
    verb: str
    name: str = ""
    """The one object it is about. Empty: all."""


@dataclass(frozen=True)
class Grant:
    """A subject's role somewhere."""

    subject_kind: str
    """Group, User or ServiceAccount."""
    subject: str
    """Name; of a service account with its namespace, as in `vision/default`."""
    where: str
    """Namespace, or `*` for the whole cluster."""
    role: str
    """Kind and name, as in `Role/developer`."""
    binding: str
    """Kind and name of what grants it."""
    permissions: frozenset[Permission]
    """What the role holds. Of the catalog, where the two disagree on it."""
    agreement: Agreement = "not asked"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same grant in the catalog and in the cluster."""
        return self.subject_kind, self.subject, self.where, self.role


def from_objects(objects: Iterable[Mapping[str, Any]]) -> list[Grant]:
    """The grants of bindings, with the roles among the same objects. A role that is missing holds nothing."""
    found = list(objects)
    roles = {_role_key(item): permissions(item) for item in found if item["kind"] in ("Role", "ClusterRole")}
    bindings = [item for item in found if item["kind"] in ("RoleBinding", "ClusterRoleBinding")]
    return [grant for binding in bindings for grant in _grants(binding, roles)]


def permissions(role: Mapping[str, Any]) -> frozenset[Permission]:
    """Everything that a role's rules say, taken apart."""
    return frozenset(
        Permission(group, resource, verb, name)
        for rule in role.get("rules") or ()
        for group in rule.get("apiGroups") or ("",)
        for resource in rule.get("resources") or rule.get("nonResourceURLs") or ()
        for verb in rule["verbs"]
        for name in rule.get("resourceNames") or ("",)
    )


def _role_key(role: Mapping[str, Any]) -> tuple[str, str, str]:
    return role["kind"], role["metadata"].get("namespace", ""), role["metadata"]["name"]


def _grants(binding: Mapping[str, Any], roles: Mapping[tuple[str, str, str], frozenset[Permission]]) -> Iterator[Grant]:
    namespace, reference = binding["metadata"].get("namespace", ""), binding["roleRef"]
    home = namespace if reference["kind"] == "Role" else ""
    held = roles.get((reference["kind"], home, reference["name"]), frozenset())
    for subject in binding.get("subjects") or ():
        name = subject["name"]
        if subject["kind"] == "ServiceAccount":
            name = f"{subject.get('namespace') or namespace}/{name}"
        yield Grant(
            subject_kind=subject["kind"],
            subject=name,
            where=namespace or EVERYWHERE,
            role=f"{reference['kind']}/{reference['name']}",
            binding=f"{binding['kind']}/{binding['metadata']['name']}",
            permissions=held,
        )


def live(kube: Kube) -> list[Grant]:
    """The grants of the cluster, less those that every cluster has.

    Raises:
        KubeError: the cluster does not answer, or not to us.
    """
    kinds = ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
    objects = [item for kind in kinds for item in kube.list(RBAC, kind)]
    return from_objects(item for item in objects if item["kind"] in ("Role", "ClusterRole") or not _is_default(item))


def _is_default(binding: Mapping[str, Any]) -> bool:
    label, value = DEFAULTS
    return (binding["metadata"].get("labels") or {}).get(label) == value


def concerning(grants: Iterable[Grant], tenants: Iterable[str], groups: Iterable[str]) -> list[Grant]:
    """Those grants that tenants' people or workloads hold, or that are held in a tenant's namespace.

    Args:
        grants: Of the whole cluster.
        tenants: Whose namespaces are meant.
        groups: Groups that the catalog names.
    """
    spaces = {names.namespace(tenant) for tenant in tenants}
    everybody = {*EVERYBODY, *groups, *(f"system:serviceaccounts:{space}" for space in spaces)}
    return [
        grant
        for grant in grants
        if grant.where in spaces
        or (grant.subject_kind == "Group" and grant.subject in everybody)
        or (grant.subject_kind == "ServiceAccount" and grant.subject.partition("/")[0] in spaces)
    ]


def compare(catalog: Iterable[Grant], cluster: Iterable[Grant]) -> list[Grant]:
    """Both sides' grants, each once, with how far they agree."""
    wanted, found = ({grant.key: grant for grant in side} for side in (catalog, cluster))
    compared = [
        replace(wanted.get(key) or found[key], agreement=_agreement(wanted.get(key), found.get(key)))
        for key in wanted.keys() | found.keys()
    ]
    return sorted(compared, key=lambda grant: (grant.where, grant.subject_kind, grant.subject, grant.role))


def _agreement(wanted: Grant | None, found: Grant | None) -> Agreement:
    if found is None:
        return "catalog only"
    if wanted is None:
        return "cluster only"
    return "agreed" if wanted.permissions == found.permissions else "role differs"


def may(held: Iterable[Permission]) -> str:
    """What permissions amount to, in a few words."""
    found = list(held)
    if any("*" in (one.verb, one.resource) for one in found):
        return "everything, by a wildcard"
    words = {
        "look": any(one.verb in READ and one.resource != "secrets" for one in found),
        "read secrets": any(one.verb in READ and one.resource == "secrets" for one in found),
        "write": any(one.verb in ("create", "update", "patch") and "/" not in one.resource for one in found),
        "delete": any(one.verb in ("delete", "deletecollection") for one in found),
        "exec": any(one.resource == "pods/exec" for one in found),
    }
    return ", ".join(word for word, holds in words.items() if holds) or "nothing"


def disagreements(grants: Sequence[Grant]) -> list[Grant]:
    """Those of which catalog and cluster do not say the same."""
    return [grant for grant in grants if grant.agreement not in ("agreed", "not asked")]
