"""Taking guards away, and putting them back as the stacks say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tenantry.kube import Json
from tests.isolation.calls import MERGE
from tests.isolation.guards import Guard
from tests.isolation.scenery import RBAC
from tests.isolation.world import MANAGER, World

EVERYTHING = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
CLUSTER_ADMIN = "isolation-everything"
POLICIES = "admissionregistration.k8s.io/v1"


@contextmanager
def without(world: World, guards: Iterable[Guard]) -> Iterator[None]:
    """The world without some guards. What was taken away is back afterwards, though perhaps not yet in force."""
    taken = tuple(guards)
    for guard in taken:
        _TAKE[guard.kind](world, guard.name)
    try:
        if any(guard.kind == "policy" for guard in taken):
            world.barrier.wait()
        yield
    finally:
        for guard in reversed(taken):
            _GIVE[guard.kind](world, guard.name)


def rendered(world: World, owner: str, kind: str, name: str) -> Json:
    """An object as the stack says it."""
    [found] = [obj for obj in world.rendered[owner] if (obj["kind"], obj["metadata"]["name"]) == (kind, name)]
    return found


def _patch(world: World, path: str, change: Json) -> None:
    world.kube.raw("PATCH", path, body=change, content_type=MERGE)


def _delete(world: World, api_version: str, kind: str, name: str) -> None:
    # At once: an object that waits for the garbage collector could not be made anew.
    world.kube.delete(api_version, kind, name, world.own, propagation="Background")


def _take_rights(world: World, name: str) -> None:
    if name == "cluster":
        world.kube.apply(_everything(world), MANAGER, force=True)
    elif name == "accounts":
        world.kube.apply(_account(world), MANAGER, force=True)
    else:
        path = f"/apis/{RBAC}/v1/namespaces/{world.own}/roles/{name}"
        _patch(world, path, {"rules": EVERYTHING})


def _give_rights(world: World, name: str) -> None:
    if name == "cluster":
        _delete(world, f"{RBAC}/v1", "ClusterRoleBinding", CLUSTER_ADMIN)
    elif name == "accounts":
        _delete(world, f"{RBAC}/v1", "RoleBinding", CLUSTER_ADMIN)
    else:
        world.apply([rendered(world, world.own, "Role", name)])


def _everything(world: World) -> Json:
    groups = [f"{world.own}-people", f"{world.own}-leads", f"system:serviceaccounts:{world.own}"]
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": CLUSTER_ADMIN},
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"apiGroup": RBAC, "kind": "Group", "name": group} for group in groups],
    }


def _account(world: World) -> Json:
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": CLUSTER_ADMIN, "namespace": world.own},
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": world.own}],
    }


def _take_policy(world: World, names: str) -> None:
    for name in names.split("+"):
        _delete(world, POLICIES, "ValidatingAdmissionPolicyBinding", f"tenantry-{name}")


def _give_policy(world: World, names: str) -> None:
    for name in names.split("+"):
        world.apply([rendered(world, "platform", "ValidatingAdmissionPolicyBinding", f"tenantry-{name}")])


def _take_pod_security(world: World, _: str) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "privileged"}
    _patch(world, f"/api/v1/namespaces/{world.own}", {"metadata": {"labels": labels}})


def _give_pod_security(world: World, _: str) -> None:
    world.apply([rendered(world, world.own, "Namespace", world.own)])


def _take_quota(world: World, name: str) -> None:
    quota, _, key = name.partition("/")
    path = f"/api/v1/namespaces/{world.own}/resourcequotas/{quota}"
    _patch(world, path, {"spec": {"hard": {key: None}}})


def _give_quota(world: World, name: str) -> None:
    world.apply([rendered(world, world.own, "ResourceQuota", name.partition("/")[0])])
    world.wait_for_quotas(world.own)


def _take_limits(world: World, name: str) -> None:
    _delete(world, "v1", "LimitRange", name)


def _give_limits(world: World, name: str) -> None:
    world.apply([rendered(world, world.own, "LimitRange", name)])


_TAKE = {
    "rights": _take_rights,
    "policy": _take_policy,
    "pod-security": _take_pod_security,
    "quota": _take_quota,
    "limits": _take_limits,
}
_GIVE = {
    "rights": _give_rights,
    "policy": _give_policy,
    "pod-security": _give_pod_security,
    "quota": _give_quota,
    "limits": _give_limits,
}
