"""A26, A51, A52, and a namespace that is onboarded, filled, wedged, removed and made anew while attacks go on."""

from __future__ import annotations

from functools import partial

import pytest

from components.kinds import KINDS
from tenantry import names
from tenantry.kube import Json
from tenantry.sandbox import kinds as sandbox_kinds
from tests.isolation.attack import DEFAULT, DEVELOPER, Case, cases
from tests.isolation.attacks import ATTACKS
from tests.isolation.calls import MERGE, Call, collection, create, merge, read
from tests.isolation.client import Client
from tests.isolation.guards import hard, rights
from tests.isolation.objects import obj, pod_spec, template
from tests.isolation.removal import without
from tests.isolation.scenery import PART, account
from tests.isolation.world import World, tenant_file
from tests.sandbox.waiting import until

LABELS = {"app": "x"}
WORKLOAD = {"selector": {"matchLabels": LABELS}, "template": template(pod_spec(), LABELS)}
JOB: Json = {"template": template(pod_spec(restartPolicy="Never"), LABELS)}
SCALED = {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}, "maxReplicas": 1}
DEVICE = {"devices": {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "gpu"}}]}}
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
BACKEND = {"defaultBackend": {"service": {"name": "x", "port": {"number": 80}}}}
OWN_KINDS: dict[str, Json] = {
    "configmaps": obj("v1", "ConfigMap"),
    "persistentvolumeclaims": obj("v1", "PersistentVolumeClaim", spec=CLAIM),
    "pods": obj("v1", "Pod", spec=pod_spec()),
    "podtemplates": obj("v1", "PodTemplate", template=template(pod_spec(), LABELS)),
    "replicationcontrollers": obj(
        "v1", "ReplicationController", spec={"selector": LABELS, "template": WORKLOAD["template"]}
    ),
    "secrets": obj("v1", "Secret"),
    "serviceaccounts": obj("v1", "ServiceAccount"),
    "services": obj("v1", "Service", spec={"ports": [{"port": 80}]}),
    "daemonsets": obj("apps/v1", "DaemonSet", spec=WORKLOAD),
    "deployments": obj("apps/v1", "Deployment", spec=WORKLOAD),
    "replicasets": obj("apps/v1", "ReplicaSet", spec=WORKLOAD),
    "statefulsets": obj("apps/v1", "StatefulSet", spec=WORKLOAD | {"serviceName": "x"}),
    "horizontalpodautoscalers": obj("autoscaling/v2", "HorizontalPodAutoscaler", spec=SCALED),
    "cronjobs": obj("batch/v1", "CronJob", spec={"schedule": "0 0 1 1 *", "jobTemplate": {"spec": JOB}}),
    "jobs": obj("batch/v1", "Job", spec=JOB),
    "leases": obj("coordination.k8s.io/v1", "Lease"),
    "ingresses": obj("networking.k8s.io/v1", "Ingress", spec={"rules": [{"host": "a.team-c.ml.sandbox.test"}]}),
    "networkpolicies": obj("networking.k8s.io/v1", "NetworkPolicy", spec={"podSelector": {}}),
    "poddisruptionbudgets": obj("policy/v1", "PodDisruptionBudget", spec={"minAvailable": 1}),
    "resourceclaims": obj("resource.k8s.io/v1", "ResourceClaim", spec=DEVICE),
    "resourceclaimtemplates": obj("resource.k8s.io/v1", "ResourceClaimTemplate", spec={"spec": DEVICE}),
}
CUSTOM_KINDS = {f"{kind.plural}.{kind.group}": kind for kind in sandbox_kinds.KINDS}


def body(qualified: str, plural: str) -> Json:
    """The smallest object of a counted kind."""
    if plural in OWN_KINDS:
        return OWN_KINDS[plural]
    kind = CUSTOM_KINDS[qualified]
    return obj(f"{kind.group}/{kind.versions[0]}", kind.kind)


@pytest.fixture(scope="module")
def late(world: World) -> dict[str, Client]:
    """A tenant that arrives while the others are at work, and its people."""
    world.install(world.late)
    world.apply([account(world.late, PART, "pipelines")])
    return world.people(world.late)


def test_a26_every_kind_that_can_be_written_is_counted(world: World, late: dict[str, Client]) -> None:
    """With a quota of none, not one object of any counted kind can be made; with the stack's, or uncounted, one can."""
    path = f"/api/v1/namespaces/{world.late}/resourcequotas/tenant"
    [quota] = [
        one
        for one in world.rendered[world.late]
        if one["kind"] == "ResourceQuota" and one["metadata"]["name"] == "tenant"
    ]
    calls = {kind: create(kind.plural, body(kind.qualified, kind.plural)).rehearsed() for kind in KINDS}
    before = {kind: world.ask(call, "platform", own=world.late) for kind, call in calls.items()}
    none = {key: "0" for key in quota["spec"]["hard"] if key.startswith("count/")}
    world.kube.raw("PATCH", path, body={"spec": {"hard": none}}, content_type=MERGE)
    try:
        assert until(lambda: _in_force(world, none))
        for kind, call in calls.items():
            wanted = f"count/{kind.qualified}"
            answer = until(partial(_exceeds, world, call, wanted))
            assert answer, f"{wanted}: {world.ask(call, 'platform', own=world.late)}"
            # The one local queue is there already.
            if kind.limit(1) > 1:
                assert before[kind].allowed, f"{wanted}: {before[kind]}"
            # That count taken away, and no other: the very same request is done.
            world.kube.raw("PATCH", path, body={"spec": {"hard": {wanted: None}}}, content_type=MERGE)
            done = until(partial(_allowed, world, call))
            assert done, f"without {wanted}: {world.ask(call, 'platform', own=world.late)}"
            world.noticed.add(hard(wanted))
    finally:
        world.apply([quota])
        world.wait_for_quotas(world.late)


def _in_force(world: World, hard_limits: dict[str, str]) -> bool:
    quota = world.kube.get("v1", "ResourceQuota", "tenant", world.late) or {}
    return bool(hard_limits.items() <= quota.get("status", {}).get("hard", {}).items())


def _allowed(world: World, call: Call) -> bool:
    return world.ask(call, "platform", own=world.late).allowed


def _exceeds(world: World, call: Call, key: str) -> bool:
    answer = world.ask(call, "platform", own=world.late)
    return answer.status == 403 and f"requested: {key}=1" in answer.message


def test_a26_an_object_has_a_largest_size(world: World) -> None:
    fits, too_large = ("a" * size for size in (1024 * 1024, 1024 * 1024 + 1))
    answers = [
        world.ask(create("configmaps", obj("v1", "ConfigMap", data={"a": text})).rehearsed(), DEVELOPER)
        for text in (fits, too_large)
    ]
    assert [answer.status for answer in answers] == [201, 422]


def test_a26_pods_are_counted(world: World, late: dict[str, Client]) -> None:
    path = f"/api/v1/namespaces/{world.late}/resourcequotas/tenant"
    world.kube.raw("PATCH", path, body={"spec": {"hard": {"pods": "0"}}}, content_type=MERGE)
    call = create("pods", OWN_KINDS["pods"], world.late).rehearsed().filled(world.words())
    try:
        assert until(lambda: "requested: pods=1" in late[DEVELOPER].send(call).message)
        world.kube.raw("PATCH", path, body={"spec": {"hard": {"pods": None}}}, content_type=MERGE)
        assert until(lambda: late[DEVELOPER].send(call).allowed)
    finally:
        world.apply([one for one in world.rendered[world.late] if one["kind"] == "ResourceQuota"])
        world.wait_for_quotas(world.late)
    assert late[DEVELOPER].send(call).allowed
    world.noticed.add(hard("pods"))


ACROSS = [
    case
    for case in cases(ATTACKS)
    if case.identity == DEVELOPER and "$other" in case.attack.call.path and case.stops[0].guard == rights("cluster")
]


@pytest.mark.parametrize("case", ACROSS, ids=lambda case: f"{case.id}-of-a-late-tenant")
def test_late_victim(case: Case, world: World, late: dict[str, Client]) -> None:
    """What fails against a neighbour of old fails against one that has just arrived."""
    answer = world.ask(case.attack.call, DEVELOPER, other=world.late)
    assert case.stops[0].said(answer), str(answer)


LOCAL = [
    case
    for case in cases(ATTACKS)
    if case.identity == DEVELOPER
    and case.attack.route == "pod"
    and case.stops[0].guard.kind in {"policy", "pod-security"}
]


@pytest.mark.parametrize("case", LOCAL, ids=lambda case: f"{case.id}-by-a-late-tenant")
def test_late_attacker(case: Case, world: World, late: dict[str, Client]) -> None:
    """And what fails for a tenant of old fails for one that has just arrived."""
    call = case.attack.call.rehearsed().filled(world.words(own=world.late))
    answer = late[DEVELOPER].send(call)
    assert case.stops[0].said(answer), str(answer)


PODS = read("/api/v1/namespaces/$own/pods")
ACCOUNT = obj("v1", "ServiceAccount", metadata={"name": "leaver"})


def test_a51_nobody_gets_in_without_a_credential(world: World) -> None:
    for token in (None, "made.up.token", "abcdef.0123456789abcdef"):
        answer = world.platform.as_token(token).send(PODS.filled(world.words()))
        assert answer.status == 401, answer


def test_a51_a_valid_token_without_a_binding_opens_nothing(world: World) -> None:
    assert world.ask(PODS, DEFAULT).status == 403
    with without(world, [rights("accounts")]):
        assert until(lambda: world.ask(PODS, DEFAULT).allowed)
    world.noticed.add(rights("accounts"))


def test_a51_the_token_of_an_account_that_was_made_anew_is_dead(world: World) -> None:
    call = create("serviceaccounts", ACCOUNT).filled(world.words())
    assert world.platform.send(call).allowed
    old = world.account(world.own, "leaver")
    assert old.send(PODS.filled(world.words())).status == 403
    world.kube.delete("v1", "ServiceAccount", "leaver", world.own, propagation="Background")
    assert until(lambda: old.send(PODS.filled(world.words())).status == 401)
    assert world.platform.send(call).allowed
    assert old.send(PODS.filled(world.words())).status == 401
    assert world.account(world.own, "leaver").send(PODS.filled(world.words())).status == 403
    world.kube.delete("v1", "ServiceAccount", "leaver", world.own, propagation="Background")


def test_a52_a_finalizer_holds_up_its_own_namespace_only(world: World, late: dict[str, Client]) -> None:
    """The namespace says what it waits for, nobody else is touched, and the platform can end it."""
    stuck = obj("v1", "ConfigMap", metadata={"name": "stuck", "finalizers": ["evil.example.com/stay"]})
    assert late[DEVELOPER].send(create("configmaps", stuck, world.late).filled(world.words())).allowed
    others = {name: world.kube.list("v1", "ConfigMap", name) for name in (world.own, world.other)}
    world.kube.delete("v1", "Namespace", world.late, propagation="Background")
    assert until(lambda: "evil.example.com/stay in 1 resource" in _remaining(world))
    assert {name: world.kube.list("v1", "ConfigMap", name) for name in others} == others
    path = f"{collection('v1', 'configmaps', world.late)}/stuck"
    assert world.platform.send(merge(path, {"metadata": {"finalizers": None}})).allowed
    assert until(lambda: world.kube.get("v1", "Namespace", world.late) is None)


def _remaining(world: World) -> str:
    found = world.kube.get("v1", "Namespace", world.late) or {}
    conditions = found.get("status", {}).get("conditions", ())
    return next((one["message"] for one in conditions if one["type"] == "NamespaceFinalizersRemaining"), "")


def test_a51_a_tenant_of_the_same_name_inherits_nobody(world: World, late: dict[str, Client]) -> None:
    """Removed and made anew with other groups: the people of before are strangers."""
    pods = PODS.filled(world.words(own=world.late))
    file = world.root / names.tenant_file(world.late)
    file.write_text(tenant_file(world.late).replace(f"{world.late}-people", "new-people"))
    world.install(world.late)
    assert late[DEVELOPER].send(pods).status == 403
    new = Client.of_user(world.sandbox.issue("new@team-c", ("new-people",)))
    assert until(lambda: new.send(pods).allowed)
