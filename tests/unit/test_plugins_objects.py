"""Kubernetes objects as resources of the engine."""

from __future__ import annotations

from typing import Any

import pytest

from tenantry.sandbox.plugins.resource_kubernetes import objects
from tenantry.sandbox.plugins.resource_kubernetes.checking import Definitions, problems
from tenantry.sandbox.plugins.resource_kubernetes.objects import Ref
from tenantry.sandbox.plugins.resource_kubernetes.target import target
from tenantry.sandbox.plugins.values import UNKNOWN

URN = "urn:pulumi:vision.sandbox::tenantry::tenantry:tenant:Tenant$kubernetes:core/v1:Namespace::vision::x"


def test_types_name_kinds() -> None:
    assert objects.kind_of_type("kubernetes:core/v1:Namespace") == ("v1", "Namespace")
    assert objects.kind_of_type("kubernetes:apps/v1:Deployment") == ("apps/v1", "Deployment")


def test_a_urn_names_stack_type_and_logical_name() -> None:
    its = target(URN)

    assert (its.stack, its.token, its.name) == ("vision.sandbox", "kubernetes:core/v1:Namespace", "vision::x")


def test_ids_name_objects() -> None:
    live = {"metadata": {"name": "a", "namespace": "n"}}

    assert objects.id_of(live) == "n/a"
    assert objects.id_of({"metadata": {"name": "a"}}) == "a"
    assert objects.ref_of_id("n/a", "kubernetes:core/v1:Secret", {}) == Ref("v1", "Secret", "a", "n")
    assert objects.ref_of_id("a", "kubernetes:core/v1:Namespace", {}) == Ref("v1", "Namespace", "a", None)


def test_a_name_is_made_up_once_and_kept() -> None:
    first = objects.named({}, {}, "logical", b"seed")
    name = first["metadata"]["name"]

    assert name.startswith("logical-")
    assert objects.autonamed(first)
    assert objects.named({}, {}, "logical", b"seed") == first
    assert objects.named({}, {}, "logical", b"other")["metadata"]["name"] != name
    assert objects.named({}, first, "logical", b"other")["metadata"]["name"] == name


@pytest.mark.parametrize("metadata", [{"name": "given"}, {"name": UNKNOWN}, UNKNOWN])
def test_a_given_name_stays(metadata: Any) -> None:
    inputs = {"metadata": metadata}

    assert objects.named(inputs, {}, "logical", b"seed") == inputs
    assert not objects.autonamed(inputs)


def test_the_manager_is_the_same_in_every_run_and_the_states_own_wins() -> None:
    assert objects.manager_of(URN, {}) == objects.manager_of(URN, {})
    assert objects.manager_of(URN, {}) != objects.manager_of(URN + "y", {})
    assert objects.manager_of(URN, {"__fieldManager": "other"}) == "other"


def test_only_applying_makes_an_object_ours() -> None:
    def live(**entry: str) -> dict[str, Any]:
        return {"metadata": {"managedFields": [entry]}}

    assert objects.is_applied_by(live(manager="us", operation="Apply"), "us")
    assert not objects.is_applied_by(live(manager="us", operation="Update"), "us")
    assert not objects.is_applied_by(live(manager="them", operation="Apply"), "us")
    assert not objects.is_applied_by({"metadata": {}}, "us")


def test_an_import_holds_what_a_program_would_say() -> None:
    live = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "a",
            "uid": "1",
            "resourceVersion": "2",
            "creationTimestamp": "now",
            "managedFields": [],
            "labels": {"kubernetes.io/metadata.name": "a"},
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "mine": "1"},
        },
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }
    expected = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "annotations": {"mine": "1"}}}

    assert objects.without_server_fields(live) == expected
    assert live["status"] == {"phase": "Active"}


def test_definitions_are_spelled_as_the_server_does() -> None:
    inputs = {"kind": "CustomResourceDefinition", "spec": [{"x_kubernetes_list_type": "map", "x_other": 1}]}
    api = {"kind": "CustomResourceDefinition", "spec": [{"x-kubernetes-list-type": "map", "x_other": 1}]}

    assert objects.to_api(inputs) == api
    assert objects.from_api(api) == inputs
    assert objects.to_api({"kind": "ConfigMap", "x_kubernetes_a": 1}) == {"kind": "ConfigMap", "x_kubernetes_a": 1}


def test_the_programs_own_definitions_count_before_they_are_served() -> None:
    definitions = Definitions()
    definitions.learn({"kind": "CustomResourceDefinition", "spec": {"group": "g.io", "names": {"kind": "Thing"}}})

    assert definitions.have("g.io/v1", "Thing")
    assert not definitions.have("g.io/v1", "Other")
    assert not definitions.have("h.io/v1", "Thing")


@pytest.mark.parametrize(
    ("token", "inputs", "says"),
    [
        ("kubernetes:helm.sh/v3:Release", {}, "a function of the official provider"),
        ("kubernetes:yaml/v2:ConfigGroup", {}, "a function of the official provider"),
        ("kubernetes:core/v1:NamespacePatch", {"kind": "Namespace"}, "somebody else's object"),
        ("kubernetes:core/v1:ConfigMapList", {"kind": "ConfigMapList", "items": []}, "a list"),
        ("kubernetes:core/v1:Pod", {"metadata": {"generateName": "a-"}}, "needs a name"),
        ("kubernetes:core/v1:Pod", {"metadata": {"annotations": {"pulumi.com/waitFor": "x"}}}, "lacks it"),
    ],
)
def test_what_the_stand_in_lacks_is_said(token: str, inputs: dict[str, Any], says: str) -> None:
    [(_, reason)] = problems(token, inputs)

    assert says in reason


def test_a_custom_kind_that_ends_like_a_patch_is_served() -> None:
    assert list(problems("kubernetes:example.io/v1:CabbagePatch", {"kind": "CabbagePatch"})) == []
