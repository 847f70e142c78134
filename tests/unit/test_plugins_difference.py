"""What changed, how the engine spells it, and what of it needs a new object."""

from __future__ import annotations

import pytest

from tenantry.sandbox.plugins.resource_kubernetes.difference import changes, replaces, text
from tenantry.sandbox.plugins.resource_kubernetes.objects import Ref
from tenantry.sandbox.plugins.values import UNKNOWN, Path


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 1.0}, {}),
        ({"a": 1}, {"a": True}, {"a": "UPDATE"}),
        ({"a": 1}, {"b": 1}, {"a": "DELETE", "b": "ADD"}),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, {"a.b.c": "UPDATE"}),
        ({"a": [1, 2]}, {"a": [1, 3, 4]}, {"a[1]": "UPDATE", "a[2]": "ADD"}),
        ({"a": [{"b": 1}, 2]}, {"a": [{"b": 2}]}, {"a[0].b": "UPDATE", "a[1]": "DELETE"}),
        ({"a": {"b": 1}}, {"a": [1]}, {"a": "UPDATE"}),
        ({"a": "x"}, {"a": UNKNOWN}, {"a": "UPDATE"}),
        ({"a": {"b": 1}}, {"a": UNKNOWN}, {"a": "UPDATE"}),
        ({"l": {"a.b/c": "1"}}, {"l": {"a.b/c": "2"}}, {'l["a.b/c"]': "UPDATE"}),
    ],
)
def test_every_change_is_named_by_its_place(old: object, new: object, expected: dict[str, str]) -> None:
    assert {text(path): change for path, change in changes(old, new)} == expected


QUOTA = Ref("v1", "ResourceQuota", "q", "n")
CONFIG = Ref("v1", "ConfigMap", "c", "n")


@pytest.mark.parametrize(
    ("ref", "path", "expected"),
    [
        (QUOTA, ("metadata", "name"), True),
        (QUOTA, ("metadata", "namespace"), True),
        (QUOTA, ("metadata", "labels", "name"), False),
        (QUOTA, ("spec", "hard", "pods"), False),
        (QUOTA, ("spec", "scopes", 0), True),
        (Ref("rbac.authorization.k8s.io/v1", "RoleBinding", "r", "n"), ("roleRef", "name"), True),
        (Ref("rbac.authorization.k8s.io/v1", "RoleBinding", "r", "n"), ("subjects", 0, "name"), False),
        (Ref("apps/v1", "Deployment", "d", "n"), ("spec", "selector", "matchLabels", "a"), True),
        (Ref("apps/v1", "Deployment", "d", "n"), ("spec", "replicas"), False),
        (Ref("v1", "Pod", "p", "n"), ("spec", "containers", 3, "env", 0), True),
        (CONFIG, ("data", "a"), True),
    ],
)
def test_what_cannot_change_is_replaced(ref: Ref, path: Path, expected: bool) -> None:  # noqa: FBT001 - a case's answer
    assert replaces(ref, path) is expected


def test_data_may_be_said_to_be_mutable() -> None:
    assert not replaces(CONFIG, ("data", "a"), mutable=frozenset({"ConfigMap"}))
    assert replaces(CONFIG, ("metadata", "name"), mutable=frozenset({"ConfigMap"}))
