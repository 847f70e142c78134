"""What only the cluster knows is no difference, and everything beside it is one."""

from __future__ import annotations

import copy
from typing import Any, cast

import pytest

from tenantry.kube import Kube
from tenantry.render import Resource
from tenantry.verify.check import BrokenError
from tenantry.verify.objects import examine
from tenantry.verify.unknowns import completed
from tests.unit.verify.doubles import Server

Json = dict[str, Any]
HEADER = {"name": "it", "namespace": "vision", "labels": {"tenantry.dev/tenant": "vision"}}
SECRET: Json = {"apiVersion": "v1", "kind": "Secret", "metadata": HEADER, "data": {"password": "REDACTED"}}
CLAIM: Json = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": HEADER,
    "spec": {"resources": {"requests": {"storage": "20Gi"}}},
}
UID = {"tenantry.dev/credentials-store": "c836", "tenantry.dev/config": "a"}
DEPLOYMENT: Json = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": HEADER,
    "spec": {"template": {"metadata": {"annotations": {**UID, "tenantry.dev/credentials-store": ""}}}},
}


def live(item: Json, path: str = "", value: Any = None) -> Json:
    """The object in the cluster, with one field of its own."""
    found = copy.deepcopy(item)
    found["metadata"] |= {"uid": "1", "resourceVersion": "7"}
    if path:
        *above, last = path.split("/")
        place = found
        for key in above:
            place = place[key]
        place[last] = value
    return found


def look(item: Json, there: Json) -> None:
    kind = item["kind"]
    resource = Resource("urn", f"kubernetes:core/v1:{kind}", "it", "parent", item, (), protect=False)
    examine(cast("Kube", Server([there])), resource)


ANNOTATIONS = "spec/template/metadata/annotations"


@pytest.mark.parametrize(
    ("item", "path", "value"),
    [
        (SECRET, "data/password", "c2VjcmV0"),
        (CLAIM, "spec/volumeName", "pvc-1"),
        (CLAIM, "spec/storageClassName", "standard"),
        (DEPLOYMENT, ANNOTATIONS, UID),
    ],
)
def test_what_only_the_cluster_knows_is_no_difference(item: Json, path: str, value: Any) -> None:
    before = copy.deepcopy(item)
    look(item, live(item, path, value))
    assert item == before, "what is rendered stays as it is"


@pytest.mark.parametrize(
    ("item", "path", "value"),
    [
        (SECRET, "data", {}),
        (SECRET, "data", {"password": "c2VjcmV0", "more": "eA=="}),
        (SECRET, "data/password", {"a": "b"}),
        (CLAIM, "spec/resources", {"requests": {"storage": "40Gi"}}),
        (CLAIM, "spec/dataSource", {"kind": "VolumeSnapshot", "name": "theirs"}),
        (DEPLOYMENT, ANNOTATIONS, {**UID, "tenantry.dev/config": "b"}),
        (DEPLOYMENT, ANNOTATIONS, {**UID, "other": ""}),
    ],
)
def test_everything_beside_it_is_one(item: Json, path: str, value: Any) -> None:
    with pytest.raises(BrokenError, match="differs"):
        look(item, live(item, path, value))


def test_a_class_that_was_asked_for_is_not_whatever_is_there() -> None:
    asked = live(CLAIM, "spec/storageClassName", "fast")
    assert completed(asked, live(CLAIM, "spec/storageClassName", "standard"))["spec"]["storageClassName"] == "fast"


def test_lists_of_another_length_are_left_as_they_are() -> None:
    wanted = {**SECRET, "items": ["REDACTED", "REDACTED"]}
    assert completed(wanted, {**SECRET, "items": ["a"]})["items"] == ["REDACTED", "REDACTED"]
    assert completed(wanted, {**SECRET, "items": ["a", "b"]})["items"] == ["a", "b"]
