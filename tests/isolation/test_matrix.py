"""A01, A02 and A56: what each identity may ask for at all, asked of the API server itself, resource by resource."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tenantry.kube import Json
from tenantry.sandbox.kinds import Kind, permissive
from tests.isolation.attack import ACCOUNTS, ADMIN, DEVELOPER, RUNNER, VIEWER
from tests.isolation.calls import Call, root
from tests.isolation.guards import rights
from tests.isolation.removal import without
from tests.isolation.world import MANAGER, World
from tests.sandbox.waiting import until

VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
AT_ONCE = 8
ASKED = (ADMIN, RUNNER)
"""Who is asked about every verb of every resource: those who hold the most. Of everybody, the list of rules is read."""
IDENTITIES = (ADMIN, DEVELOPER, VIEWER, *ACCOUNTS)
ALLOWED = {
    (verb, resource)
    for verb in ("create",)
    for resource in ("selfsubjectaccessreviews", "selfsubjectreviews", "selfsubjectrulesreviews")
}
"""What Kubernetes itself lets everybody ask: who am I, and what may I do."""


@dataclass(frozen=True)
class Served:
    """One resource or subresource that the API server serves."""

    group: str
    version: str
    name: str
    namespaced: bool


def served(world: World) -> list[Served]:
    """Everything that is served, in each group's preferred version."""
    groups = world.kube.raw("GET", "/apis")["groups"]
    versions = ["v1", *(group["preferredVersion"]["groupVersion"] for group in groups)]
    found: list[Served] = []
    for api_version in versions:
        group, _, version = api_version.rpartition("/")
        entries = world.kube.raw("GET", root(api_version))["resources"]
        found += [Served(group, version, entry["name"], entry["namespaced"]) for entry in entries]
    return found


def allowed(world: World, identity: str, resources: Iterable[Served], namespace: str = "") -> set[tuple[str, str]]:
    """Verbs and resources that an identity may use, of all that there are."""
    client = world.clients[identity]

    def review(verb: str, resource: Served) -> tuple[str, str] | None:
        name, _, below = resource.name.partition("/")
        asked = {"verb": verb, "group": resource.group, "version": resource.version, "resource": name}
        attributes = asked | {"subresource": below, "namespace": namespace}
        body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview"}
        answer = client.send(
            Call(method="POST", path=REVIEWS, body=body | {"spec": {"resourceAttributes": attributes}})
        )
        assert answer.allowed, answer
        return (verb, resource.name) if answer.body["status"]["allowed"] else None

    asked = [(verb, resource) for resource in resources for verb in VERBS]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda one: review(*one), asked))
    return {answer for answer in answers if answer}


def granted(world: World, identity: str, namespace: str) -> set[str]:
    """Every verb and resource that the API server's own list of rules says of an identity in a namespace."""
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace}}
    path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    answer = world.clients[identity].send(Call(method="POST", path=path, body=body))
    assert answer.allowed, answer
    return {resource for rule in answer.body["status"]["resourceRules"] for resource in rule["resources"]}


@pytest.mark.parametrize("identity", ASKED)
def test_a01_nothing_of_the_whole_cluster(identity: str, world: World) -> None:
    resources = [one for one in served(world) if not one.namespaced]
    assert len(resources) > 40
    assert allowed(world, identity, resources) == ALLOWED


@pytest.mark.parametrize("identity", ASKED)
def test_a02_nothing_in_the_victim_s_namespace(identity: str, world: World) -> None:
    resources = [one for one in served(world) if one.namespaced]
    assert len(resources) > 80
    assert allowed(world, identity, resources, world.other) == set()


SYSTEMS = ("team-ab", "kube-system", "kubeflow", "seldon", "monitoring", "tenantry-system", "default")


@pytest.mark.parametrize("namespace", SYSTEMS)
@pytest.mark.parametrize("identity", IDENTITIES)
def test_a02_no_rule_elsewhere(identity: str, namespace: str, world: World) -> None:
    """By the API server's list of rules, which is complete for RBAC: it holds resources of no other kind."""
    assert granted(world, identity, namespace) == {resource for _, resource in ALLOWED}


def test_a02_the_same_question_is_answered_with_yes_in_the_own_namespace(world: World) -> None:
    pods = [one for one in served(world) if (one.group, one.name) == ("", "pods")]
    assert allowed(world, DEVELOPER, pods, world.own) == {(verb, "pods") for verb in VERBS[:-1]}
    assert allowed(world, ADMIN, pods, world.own) == {(verb, "pods") for verb in VERBS}


def test_a02_a_binding_in_the_victim_s_namespace_would_be_seen(world: World) -> None:
    pods = [one for one in served(world) if (one.group, one.name) == ("", "pods")]
    binding = _stranger(world)
    world.kube.apply(binding, MANAGER, force=True)
    try:
        assert until(lambda: allowed(world, DEVELOPER, pods, world.other))
        assert "pods" in granted(world, DEVELOPER, world.other)
        world.noticed.add(rights("victim"))
    finally:
        world.kube.delete(binding["apiVersion"], "RoleBinding", "stranger", world.other, propagation="Background")
    assert until(lambda: not allowed(world, DEVELOPER, pods, world.other))


def test_a01_a_binding_of_the_whole_cluster_would_be_seen(world: World) -> None:
    nodes = [one for one in served(world) if (one.group, one.name) == ("", "nodes")]
    with without(world, [rights("cluster")]):
        assert until(lambda: len(allowed(world, DEVELOPER, nodes)) == len(VERBS))
    assert until(lambda: not allowed(world, DEVELOPER, nodes))


def test_a56_a_kind_that_comes_later_gives_nobody_anything(world: World) -> None:
    kind = Kind("later.example.com", "Later", "laters", ("v1",))
    definition = permissive(kind)
    world.kube.apply(definition, MANAGER, force=True)
    try:
        resources = [Served(kind.group, "v1", name, namespaced=True) for name in (kind.plural, f"{kind.plural}/status")]
        assert until(lambda: resources[0] in served(world))
        found = {one: allowed(world, one, resources, world.own) for one in IDENTITIES}
        assert found == {one: set() for one in IDENTITIES}
        with without(world, [rights("developer")]):
            assert until(lambda: allowed(world, DEVELOPER, resources, world.own))
    finally:
        metadata = definition["metadata"]
        world.kube.delete(definition["apiVersion"], definition["kind"], metadata["name"], propagation="Background")


def _stranger(world: World) -> Json:
    group = "rbac.authorization.k8s.io"
    return {
        "apiVersion": f"{group}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "stranger", "namespace": world.other},
        "roleRef": {"apiGroup": group, "kind": "Role", "name": "viewer"},
        "subjects": [{"apiGroup": group, "kind": "Group", "name": f"{world.own}-people"}],
    }
