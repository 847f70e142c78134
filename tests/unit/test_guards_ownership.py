"""Whose objects are whose, and what the platform's own names are."""

from __future__ import annotations

from tenantry.guards import ownership
from tenantry.guards.accounts import DEFAULT_ACCOUNT, WORKLOADS
from tenantry.guards.embedded import ACCOUNTS
from tenantry.guards.parameters import NAME
from tenantry.pipelines.words import API, RUNNER

CARRY_PODS = {
    ("", "pods"),
    ("", "podtemplates"),
    ("", "replicationcontrollers"),
    ("apps", "daemonsets"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("batch", "cronjobs"),
    ("batch", "jobs"),
}
"""Every kind of Kubernetes itself that names a service account for pods."""


def test_owned_is_asked_before_and_after_the_request() -> None:
    """A request that takes the labels away, and one that forges them."""
    assert "oldObject != null" in ownership.OWNED
    assert "object != null" in ownership.OWNED.partition(" || (")[2]
    for label in ("'tenantry.dev/tenant'", "'app.kubernetes.io/managed-by'"):
        assert ownership.OWNED.count(label) >= 2


def test_every_kind_and_its_status_is_asked_for_whatever_verb() -> None:
    [target] = ownership.OBJECTS.targets
    assert (target.group, target.plurals) == ("*", ("*", "*/status", "*/scale"))
    assert target.operations == ("CREATE", "UPDATE", "DELETE")


def test_the_one_word_on_the_platforms_objects_is_the_operators_on_models() -> None:
    """Its status, in its own namespace, by its own account; Kubernetes takes nothing else of such a request."""
    assert dict(ownership.OBJECTS.conditions)["written"] == (
        "!(request.subResource == 'status' && request.resource.group == 'machinelearning.seldon.io'"
        " && request.userInfo.username == 'system:serviceaccount:' + request.namespace + ':seldon-manager')"
    )


def test_namespaces_are_looked_at_whatever_labels_they_carry() -> None:
    assert ownership.NAMESPACES.namespaces == "all"
    [target] = ownership.NAMESPACES.targets
    assert target.plurals == ("namespaces", "namespaces/status", "namespaces/finalize")


def test_the_rules_own_parameters_have_a_reserved_name() -> None:
    assert NAME in ownership.RESERVED["configmaps"]


def test_no_owner_is_of_the_whole_cluster() -> None:
    everywhere = {"Node", "Namespace", "PersistentVolume", "ClusterQueue", "ClusterRole", "PriorityClass", "FlowSchema"}
    assert not everywhere & {kind for owners in ownership.OWNERS.values() for kind in owners}


def test_every_kind_that_carries_pods_is_asked_for_its_account() -> None:
    assert {(target.group, plural) for target in WORKLOADS.targets for plural in target.plurals} == CARRY_PODS
    assert f"'{RUNNER}'" in ACCOUNTS
    assert f"'{API}'" not in ACCOUNTS


def test_the_default_account_is_the_only_one_that_is_changed() -> None:
    assert DEFAULT_ACCOUNT.conditions == (("default", "object.metadata.name == 'default'"),)
