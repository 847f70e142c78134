"""Who may do what, from bindings on both sides."""

from __future__ import annotations

from typing import Any

import pytest

from tenantry.access_report import (
    Grant,
    Permission,
    compare,
    concerning,
    disagreements,
    from_objects,
    may,
    permissions,
)

Json = dict[str, Any]


def role(name: str, *verbs: str, namespace: str = "vision", kind: str = "Role", resource: str = "pods") -> Json:
    metadata = {"name": name} | ({"namespace": namespace} if kind == "Role" else {})
    return {
        "kind": kind,
        "metadata": metadata,
        "rules": [{"apiGroups": [""], "resources": [resource], "verbs": [*verbs]}],
    }


def bound(to: str, *subjects: Json, kind: str = "RoleBinding", of: str = "Role", namespace: str = "vision") -> Json:
    metadata = {"name": f"{to}-binding"} | ({"namespace": namespace} if kind == "RoleBinding" else {})
    return {"kind": kind, "metadata": metadata, "roleRef": {"kind": of, "name": to}, "subjects": [*subjects]}


def group(name: str) -> Json:
    return {"kind": "Group", "name": name}


def account(name: str, namespace: str) -> Json:
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


GET = frozenset({Permission("", "pods", "get")})


def test_a_binding_grants_each_subject_what_the_role_says() -> None:
    found = from_objects([role("look", "get"), bound("look", group("ml"), account("default", "nlp"))])
    assert found == [
        Grant("Group", "ml", "vision", "Role/look", "RoleBinding/look-binding", GET),
        Grant("ServiceAccount", "nlp/default", "vision", "Role/look", "RoleBinding/look-binding", GET),
    ]


def test_cluster_roles_may_be_held_in_one_namespace_or_everywhere() -> None:
    look = role("look", "get", kind="ClusterRole")
    here, everywhere = from_objects(
        [
            look,
            bound("look", group("ml"), of="ClusterRole"),
            bound("look", group("ml"), of="ClusterRole", kind="ClusterRoleBinding"),
        ]
    )
    assert (here.where, everywhere.where) == ("vision", "*")
    assert here.permissions == everywhere.permissions == GET


def test_a_role_of_another_namespace_is_another_role() -> None:
    [found] = from_objects([role("look", "get", namespace="nlp"), bound("look", group("ml"))])
    assert found.permissions == frozenset()


def test_permissions_take_rules_apart() -> None:
    rule = {"apiGroups": ["a", "b"], "resources": ["x"], "verbs": ["get"], "resourceNames": ["one"]}
    address = {"nonResourceURLs": ["/metrics"], "verbs": ["get"]}
    assert permissions({"rules": [rule, address]}) == {
        Permission("a", "x", "get", "one"),
        Permission("b", "x", "get", "one"),
        Permission("", "/metrics", "get"),
    }


def grants(*bindings: Json) -> list[Grant]:
    return from_objects([role("look", "get"), role("work", "create"), *bindings])


def test_catalog_and_cluster_are_compared_grant_by_grant() -> None:
    catalog = grants(bound("look", group("a")), bound("work", group("b")), bound("work", group("c")))
    cluster = from_objects(
        [
            role("look", "get"),
            role("work", "create", "delete"),
            bound("look", group("a"), group("stranger")),
            bound("work", group("c")),
        ]
    )
    found = {one.subject: one.agreement for one in compare(catalog, cluster)}
    assert found == {"a": "agreed", "b": "catalog only", "c": "role differs", "stranger": "cluster only"}
    assert [one.subject for one in disagreements(compare(catalog, cluster))] == ["b", "c", "stranger"]


@pytest.mark.parametrize(
    ("binding", "concerns"),
    [
        (bound("look", group("stranger")), True),
        (bound("look", {"kind": "User", "name": "eve"}), True),
        (bound("look", group("stranger"), namespace="kube-system"), False),
        (bound("look", group("ml"), namespace="kube-system"), True),
        (bound("look", account("default", "vision"), namespace="kube-system"), True),
        (bound("look", account("default", "nlp"), namespace="kube-system"), False),
        (bound("look", group("system:serviceaccounts:vision"), kind="ClusterRoleBinding"), True),
        (bound("look", group("system:serviceaccounts:nlp"), kind="ClusterRoleBinding"), False),
        (bound("look", group("system:authenticated"), kind="ClusterRoleBinding"), True),
        (bound("look", group("system:masters"), kind="ClusterRoleBinding"), False),
    ],
)
def test_what_concerns_a_tenant(binding: Json, *, concerns: bool) -> None:
    assert bool(concerning(grants(binding), ["vision"], ["ml"])) is concerns


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([role("x", "get", "list")], "look"),
        ([role("x", "get", resource="secrets")], "read secrets"),
        ([role("x", "create"), role("x", "get")], "look, write"),
        ([role("x", "create", resource="pods/exec")], "exec"),
        ([role("x", "deletecollection")], "delete"),
        ([role("x", "*")], "everything, by a wildcard"),
        ([role("x", "get", resource="*")], "everything, by a wildcard"),
        ([], "nothing"),
    ],
)
def test_may(rules: list[Json], words: str) -> None:
    assert may({one for item in rules for one in permissions(item)}) == words
