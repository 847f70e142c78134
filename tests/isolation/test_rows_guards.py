"""A48, A49, A53, A54 and A55: what the guards are made of, and what holds where nobody refuses anything."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from tenantry import names
from tenantry.guards import RULES
from tenantry.kube import Json
from tenantry.network_reach import Address, Peer, Pod, Port, reaches
from tests.isolation.attack import ACCOUNTS, ADMIN, DEVELOPER
from tests.isolation.calls import create, read
from tests.isolation.guards import Guard
from tests.isolation.objects import obj, pod
from tests.isolation.removal import POLICIES, rendered
from tests.isolation.world import MANAGER, World
from tests.sandbox.waiting import until

DNS, HTTPS = Port(53, "UDP"), Port(443)
RESOLVER = Pod("kube-system", {"k8s-app": "kube-dns"})
PEERS: dict[str, Peer] = {
    "own": Pod("team-a", {"app": "x"}),
    "victim": Pod("team-ab", {"app": "x"}),
    "spoofing-dns": Pod("team-ab", {"k8s-app": "kube-dns", "kubernetes.io/metadata.name": "kube-system"}),
    "spoofing-gateway": Pod("team-ab", {"app": "gateway"}),
    "kubeflow": Pod("kubeflow", {"app": "x"}),
    "monitoring": Pod("monitoring", {"app": "prometheus"}),
    "dns": RESOLVER,
    "system": Pod("kube-system", {"app": "x"}),
    "api-server": Address("10.96.0.1"),
    "metadata-service": Address("169.254.169.254"),
    "metadata-service-ipv6": Address("fd00:ec2::254"),
    "node": Address("10.0.0.1"),
    "internet": Address("1.1.1.1"),
}
OPEN = {("own", "own", DNS), ("own", "own", HTTPS), ("own", "dns", DNS)}
"""What a team's pods reach: themselves, and the resolver on its port. Of pods that reach them: themselves."""


def live_policies(world: World) -> list[Json]:
    return world.kube.list("networking.k8s.io/v1", "NetworkPolicy", world.own)


def table(policies: list[Json]) -> set[tuple[str, str, Port]]:
    """Every way in or out of the own namespace that the policies leave open."""
    pairs = {(source, target) for source, target in product(PEERS, PEERS) if "own" in (source, target)}
    ways = product(sorted(pairs), (DNS, HTTPS))
    return {
        (source, target, port)
        for (source, target), port in ways
        if isinstance(PEERS[source], Pod) and reaches(policies, PEERS[source], PEERS[target], port)
    }


def test_a48_the_live_policies_open_what_they_should_and_no_more(world: World) -> None:
    assert table(live_policies(world)) == OPEN


def test_a48_every_policy_that_closes_selects_every_pod(world: World) -> None:
    selectors = {one["metadata"]["name"]: one["spec"]["podSelector"] for one in live_policies(world)}
    assert selectors["default-deny"] == {}
    assert {"default-deny", "dns", "same-namespace"} <= set(selectors)


def test_a48_without_policies_everything_would_be_open(world: World) -> None:
    assert len(table([])) > 20


@pytest.mark.parametrize("spoof", ["spoofing-dns", "spoofing-gateway"])
def test_a49_no_label_of_a_pod_opens_anything(spoof: str, world: World) -> None:
    ways = {(source, target) for source, target, _ in table(live_policies(world))}
    assert (spoof, "own") not in ways
    assert ("own", spoof) not in ways


def test_a49_peers_outside_are_chosen_by_namespace_and_pod_together(world: World) -> None:
    """The counterpart: a policy whose peer is a pod's label alone, in any namespace, would let the spoofed pod in."""
    wide = {"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "gateway"}}}]}
    policy: Json = {"metadata": {"namespace": "team-a"}, "spec": {"podSelector": {}, "ingress": [wide]}}
    # The spoofing pod's own namespace lets it out: a team may open its own side.
    assert ("spoofing-gateway", "own", HTTPS) in table([*live_policies(world), policy])


def test_a53_an_owner_elsewhere_deletes_nothing_elsewhere(world: World) -> None:
    """The garbage collector takes the attacker's own object, and leaves the victim's."""
    victim = world.kube.get("v1", "Pod", "theirs", world.other)
    assert victim is not None
    owner = {"apiVersion": "v1", "kind": "Pod", "name": "theirs", "uid": victim["metadata"]["uid"]}
    body = obj("v1", "ConfigMap", metadata={"name": "orphan", "ownerReferences": [owner]})
    answer = world.clients[DEVELOPER].send(create("configmaps", body).filled(world.words()))
    assert answer.allowed, answer
    assert until(lambda: world.kube.get("v1", "ConfigMap", "orphan", world.own) is None)
    after = world.kube.get("v1", "Pod", "theirs", world.other)
    assert after is not None
    assert after["metadata"]["uid"] == victim["metadata"]["uid"]
    assert "deletionTimestamp" not in after["metadata"]


LEVEL, SCHEMA = "X-Kubernetes-Pf-Prioritylevel-Uid", "X-Kubernetes-Pf-Flowschema-Uid"
FLOW = "flowcontrol.apiserver.k8s.io/v1"
SERVED_BY = (ADMIN, DEVELOPER, *ACCOUNTS)


def schema_of(world: World, tenant: str) -> Json:
    """A tenant's FlowSchema as its stack says it."""
    [found] = [one for one in world.rendered[tenant] if one["kind"] == "FlowSchema"]
    return found


def uid(world: World, kind: str, name: str) -> str:
    found = world.kube.get(FLOW, kind, name)
    assert found is not None
    return str(found["metadata"]["uid"])


@pytest.mark.parametrize("identity", SERVED_BY)
def test_a54_requests_take_the_own_team_s_seats(identity: str, world: World) -> None:
    schema = schema_of(world, world.own)
    level = schema["spec"]["priorityLevelConfiguration"]["name"]
    wanted = (uid(world, "FlowSchema", schema["metadata"]["name"]), uid(world, "PriorityLevelConfiguration", level))
    answer = world.ask(read("/api/v1/namespaces/$own/pods"), identity)
    assert (answer.headers[SCHEMA], answer.headers[LEVEL]) == wanted


def test_a54_without_its_schema_a_team_takes_others_seats(world: World) -> None:
    schema = schema_of(world, world.own)
    level = uid(world, "PriorityLevelConfiguration", schema["spec"]["priorityLevelConfiguration"]["name"])
    world.kube.delete(FLOW, "FlowSchema", schema["metadata"]["name"], propagation="Background")
    try:
        assert until(lambda: world.ask(read("/version"), DEVELOPER).headers[LEVEL] != level)
        world.noticed.add(Guard("seats", schema["metadata"]["name"]))
    finally:
        world.apply([schema])
    assert until(lambda: world.ask(read("/version"), DEVELOPER).headers[LEVEL] == level)


def test_a54_a_flood_of_one_team_refuses_nobody_else_anything(world: World) -> None:
    """Hundreds of lists at once by the attacker; of the victim's requests meanwhile, each is answered."""
    victim = world.people(world.other)[DEVELOPER]
    listing = read("/api/v1/namespaces/$own/pods").filled(world.words())
    asking = read("/api/v1/namespaces/$other/pods").filled(world.words())
    with ThreadPoolExecutor(24) as pool:
        flood = [pool.submit(world.clients[DEVELOPER].send, listing) for _ in range(300)]
        answers = [victim.send(asking) for _ in range(40)]
        statuses = {one.result().status for one in flood}
    assert {answer.status for answer in answers} == {200}
    assert statuses <= {200, 429}


def test_a55_every_guard_denies_and_fails_closed(world: World) -> None:
    bindings = {one["metadata"]["name"]: one for one in world.kube.list(POLICIES, "ValidatingAdmissionPolicyBinding")}
    policies = {one["metadata"]["name"]: one for one in world.kube.list(POLICIES, "ValidatingAdmissionPolicy")}
    assert {rule.policy for rule in RULES} <= set(policies)
    for rule in RULES:
        assert bindings[rule.policy]["spec"]["validationActions"] == ["Deny"]
        assert policies[rule.policy]["spec"]["failurePolicy"] == "Fail"
        if rule.parametrised:
            assert bindings[rule.policy]["spec"]["paramRef"]["parameterNotFoundAction"] == "Deny"


def test_a55_no_guard_s_expression_has_a_type_error(world: World) -> None:
    """What the API server itself says of the expressions, checked against the schemas of what they look at."""
    policies = [one for one in world.kube.list(POLICIES, "ValidatingAdmissionPolicy") if names.MANAGED_BY in str(one)]
    warned = {
        one["metadata"]["name"]: warnings
        for one in policies
        if (warnings := one.get("status", {}).get("typeChecking", {}).get("expressionWarnings"))
    }
    assert len(policies) >= len(RULES)
    assert warned == {}


def test_a55_without_parameters_nothing_is_created(world: World) -> None:
    guard = rendered(world, world.own, "ConfigMap", "tenantry-guard")
    call = create("pods", pod()).rehearsed()
    assert world.ask(call, DEVELOPER).allowed
    world.kube.delete("v1", "ConfigMap", "tenantry-guard", world.own, propagation="Background")
    try:
        assert until(lambda: not world.ask(call, DEVELOPER).allowed)
        assert "failed to configure binding: no params found" in world.ask(call, DEVELOPER).message
    finally:
        world.kube.apply(guard, MANAGER, force=True)
    assert until(lambda: world.ask(call, DEVELOPER).allowed)


EMPTY: tuple[Json, ...] = (
    {},
    {"spec": {}},
    {"spec": {"templates": [{}], "predictors": [{}], "endpoints": [{}], "groups": [{}], "http": [{}], "rules": [{}]}},
    {"spec": {"templates": [{"container": {}, "dag": {}, "steps": [[]], "outputs": {"artifacts": [{}]}}]}},
    {"spec": {"predictors": [{"graph": {"children": [{}]}, "componentSpecs": [{}]}]}},
    {"spec": {"groups": [{"rules": [{}]}], "endpoints": [{"relabelings": [{}]}], "http": [{"route": [{}]}]}},
)
CUSTOM = (
    ("argoproj.io/v1alpha1", "Workflow", "workflows"),
    ("argoproj.io/v1alpha1", "CronWorkflow", "cronworkflows"),
    ("argoproj.io/v1alpha1", "WorkflowTemplate", "workflowtemplates"),
    ("kubeflow.org/v1beta1", "ScheduledWorkflow", "scheduledworkflows"),
    ("kubeflow.org/v1beta1", "Viewer", "viewers"),
    ("machinelearning.seldon.io/v1", "SeldonDeployment", "seldondeployments"),
    ("monitoring.coreos.com/v1", "ServiceMonitor", "servicemonitors"),
    ("monitoring.coreos.com/v1", "PodMonitor", "podmonitors"),
    ("monitoring.coreos.com/v1", "PrometheusRule", "prometheusrules"),
    ("networking.istio.io/v1", "VirtualService", "virtualservices"),
    ("networking.istio.io/v1", "DestinationRule", "destinationrules"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes"),
)


@pytest.mark.parametrize(("version", "kind", "plural"), CUSTOM, ids=[kind for _, kind, _ in CUSTOM])
def test_a55_expressions_are_total(version: str, kind: str, plural: str, world: World) -> None:
    """Objects with nothing in them, and with empty things in them, are admitted or denied: never failed on."""
    for fields in EMPTY:
        answer = world.ask(create(plural, obj(version, kind, **fields)).rehearsed(), "platform")
        assert "resulted in error" not in answer.message, answer
        assert answer.allowed or "denied request" in answer.message, answer


def test_a55_an_admitted_object_cannot_be_changed_into_a_refused_one(world: World) -> None:
    """Every rule that looks at what is created looks at what is updated, unless the field can never change."""
    fixed = {"pod-affinity", "pod-binding", "pod-node-name", "pod-priority", "pod-runtime-class", "pod-volumes"}
    fixed |= {"token-secrets"}
    blind = {rule.name for rule in RULES if not any("UPDATE" in target.operations for target in rule.targets)}
    assert blind == fixed
