"""Live objects against rendered ones."""

from __future__ import annotations

import copy
from typing import Any, cast

import pytest

from tenantry.kube import Kube, KubeError
from tenantry.render import Resource
from tenantry.verify.check import BrokenError
from tenantry.verify.objects import differences, examine
from tests.unit.verify.doubles import Server

INPUTS: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ResourceQuota",
    "metadata": {"name": "tenant", "namespace": "vision", "labels": {"tenantry.dev/tenant": "vision"}},
    "spec": {"hard": {"pods": "10"}},
}
QUOTA = Resource("urn", "kubernetes:core/v1:ResourceQuota", "vision-quota", "parent", INPUTS, (), protect=False)


def live(**spec: Any) -> dict[str, Any]:
    found = copy.deepcopy(INPUTS)
    found["metadata"] |= {"uid": "1", "resourceVersion": "7"}
    found["spec"] |= spec
    return found | {"status": {"hard": {}}}


def look(server: Server) -> None:
    examine(cast("Kube", server), QUOTA)


def test_an_object_that_is_as_rendered_passes() -> None:
    look(Server([live()]))


def test_what_the_server_fills_in_is_no_difference() -> None:
    look(Server([live(scopes=["A"])], put=lambda body: body | {"spec": {**body["spec"], "scopes": ["A"]}}))


def test_labels_of_others_are_no_difference() -> None:
    found = live()
    found["metadata"]["labels"]["other"] = "x"
    look(Server([found]))


def relabelled() -> dict[str, Any]:
    found = live()
    found["metadata"]["labels"]["tenantry.dev/tenant"] = "nlp"
    return found


def leaving() -> dict[str, Any]:
    found = live()
    found["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    return found


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        ([], "ResourceQuota vision/tenant is not in the cluster. Bring it back: tenantry up --refresh"),
        ([live(hard={"pods": "9"})], "spec.hard.pods is '9', not '10'"),
        ([live(hard={"pods": "10", "secrets": "1"})], "spec.hard.secrets is '1', not absent"),
        ([live(scopes=["BestEffort"])], "spec.scopes is a list of 1, not absent"),
        ([relabelled()], "metadata.labels.tenantry.dev/tenant is 'nlp', not 'vision'"),
        ([leaving()], "is being deleted"),
    ],
)
def test_what_is_wrong_is_said(objects: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(BrokenError) as raised:
        look(Server(objects))
    assert words in str(raised.value)


def test_what_cannot_be_changed_back_is_a_difference_too() -> None:
    def put(_: dict[str, Any]) -> dict[str, Any]:
        raise KubeError(422, "Invalid", "roleRef: immutable")

    with pytest.raises(BrokenError, match="cannot be changed: roleRef: immutable"):
        look(Server([live()], put=put))


def test_a_write_in_between_is_asked_about_anew_and_not_for_ever() -> None:
    asked = []

    def put(body: dict[str, Any]) -> dict[str, Any]:
        asked.append(body)
        if len(asked) < 3:
            raise KubeError(409, "Conflict", "changed")
        return body

    look(Server([live()], put=put))
    assert len(asked) == 3
    asked.clear()
    with pytest.raises(KubeError, match="changed"):
        look(Server([live()], put=lambda _: (_ for _ in ()).throw(KubeError(409, "Conflict", "changed"))))


def test_differences_name_each_place() -> None:
    wanted = {"a": [{"b": 1}, {"b": 2}], "c": {"d": 1}}
    found = {"a": [{"b": 1}, {"b": 3}], "e": "x" * 100}
    assert list(differences(wanted, found)) == [
        "a[1].b is 3, not 2",
        "c is absent, not a mapping",
        f"e is '{'x' * 59}…, not absent",
    ]
