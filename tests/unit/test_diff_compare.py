from __future__ import annotations

import pytest

from tenantry.diff import Diff, FieldChange, ResourceChange, StackDiff, diff
from tests.unit.rendered import Resource, resource, stack

QUOTA = resource("ResourceQuota", spec={"hard": {"pods": "10"}})


def test_equal_stacks_make_no_difference() -> None:
    assert diff([stack(QUOTA)], [stack(QUOTA)]) == Diff((), compared=1)


def test_every_kind_of_change_at_once() -> None:
    role = resource("Role", "old", token="rbac.authorization.k8s.io/v1")
    limits = resource("LimitRange", "new")
    more = resource("ResourceQuota", spec={"hard": {"pods": "20"}})
    assert diff([stack(QUOTA, role)], [stack(limits, more)]) == Diff(
        (
            StackDiff(
                "vision.sandbox",
                "changed",
                (
                    ResourceChange(limits.urn, limits.type, "LimitRange vision/new", "added"),
                    ResourceChange(
                        QUOTA.urn,
                        QUOTA.type,
                        "ResourceQuota vision/vision",
                        "changed",
                        (FieldChange("spec.hard.pods", "changed", "10", "20"),),
                    ),
                    ResourceChange(role.urn, role.type, "Role vision/old", "removed"),
                ),
            ),
        ),
        compared=1,
    )


def test_stacks_that_one_side_lacks() -> None:
    one, other = stack(QUOTA, name="b.sandbox"), stack(QUOTA, name="a.sandbox")
    found = diff([one], [other])
    words = [(entry.stack, entry.change, [r.change for r in entry.resources]) for entry in found.stacks]
    assert words == [("a.sandbox", "added", ["added"]), ("b.sandbox", "removed", ["removed"])]
    assert found.compared == 2


def test_what_only_groups_others_is_left_out() -> None:
    group = Resource("urn:g", "tenantry:tenant:Quota", "vision", {})
    root = Resource("urn:s", "pulumi:pulumi:Stack", "tenantry-vision.sandbox", {})
    assert diff([], [stack(group, root)]) == Diff((), compared=1)


def test_what_is_no_object_is_called_by_its_logical_name() -> None:
    provider = Resource("urn:p", "pulumi:providers:kubernetes", "cluster", {"context": "a"})
    [entry] = diff([], [stack(provider)]).stacks
    assert [change.title for change in entry.resources] == ["kubernetes cluster"]


REPLACED = {
    "name": (resource("Namespace"), resource("Namespace", "vision", metadata={"name": "other", "namespace": "vision"})),
    "role of a binding": (
        resource("RoleBinding", token="rbac.authorization.k8s.io/v1", roleRef={"name": "view"}),
        resource("RoleBinding", token="rbac.authorization.k8s.io/v1", roleRef={"name": "edit"}),
    ),
    "below a field": (
        resource("Deployment", token="apps/v1", spec={"selector": {"matchLabels": {"a": "1"}}}),
        resource("Deployment", token="apps/v1", spec={"selector": {"matchLabels": {"a": "2"}}}),
    ),
}


@pytest.mark.parametrize(("before", "after"), REPLACED.values(), ids=REPLACED.keys())
def test_what_the_engine_replaces(before: Resource, after: Resource) -> None:
    [entry] = diff([stack(before)], [stack(after)]).stacks
    assert [change.change for change in entry.resources] == ["replaced"]


def test_a_label_is_only_updated() -> None:
    metadata = {"name": "vision", "namespace": "vision"}
    after = resource("Namespace", metadata=metadata | {"nameLike": "x", "labels": {"name": "y"}})
    [entry] = diff([stack(resource("Namespace"))], [stack(after)]).stacks
    assert [change.change for change in entry.resources] == ["changed"]


def test_values_of_secrets_are_never_shown() -> None:
    before = resource("Secret", data={"a": "c2VjcmV0", "b": "c2VjcmV0"}, type="Opaque")
    after = resource("Secret", data={"a": "aGlkZGVu", "c": "aGlkZGVu"}, type="Opaque")
    found = diff([stack(before)], [stack(after)])
    assert [(f.path, f.before, f.after) for f in found.stacks[0].resources[0].fields] == [
        ("data.a", "[secret]", "[secret]"),
        ("data.b", "[secret]", None),
        ("data.c", None, "[secret]"),
    ]
    assert "c2VjcmV0" not in repr(found)
    assert "aGlkZGVu" not in repr(found)
