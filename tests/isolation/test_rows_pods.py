"""A14, A17, A22, A25 and A30: pods and claims that one request does not tell all of."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tenantry.kube import Json
from tests.isolation.attack import DEVELOPER
from tests.isolation.calls import Call, collection, create, read
from tests.isolation.guards import LIMITS, hard
from tests.isolation.objects import IMAGE, container, deployment, obj, pod, pod_spec, template
from tests.isolation.removal import without
from tests.isolation.world import World
from tests.sandbox.waiting import until

CORPUS: dict[str, Json] = json.loads((Path(__file__).parent / "data/pod-security.json").read_text())
VIOLATION = 'violates PodSecurity "restricted:latest"'
COMPLETED = {"allowprivilegeescalation", "capabilities_restricted", "runasnonroot", "seccompprofile_restricted"}
"""Checks that a pod can fail by saying nothing: what is missing is filled in, and only what is wrong is refused."""

CONTRADICTORY = {"privileged", "procmount"}
"""Checks that Kubernetes itself makes first, once what is missing is filled in: such a pod contradicts itself."""


def ours(case: Json) -> Json:
    """A pod of the corpus, its images from where this cluster's come from."""
    text = json.dumps(case["spec"]).replace("registry.k8s.io/pause", IMAGE)
    return pod(json.loads(text), annotations=case["annotations"])


def test_a14_the_corpus_is_whole() -> None:
    levels = [name.partition("/")[0] for name in CORPUS]
    assert (levels.count("baseline"), levels.count("restricted")) == (34, 76)


@pytest.mark.parametrize("name", CORPUS)
def test_a14_pods_that_violate_pod_security(name: str, world: World) -> None:
    answer = world.ask(create("pods", ours(CORPUS[name])), DEVELOPER)
    if answer.allowed:
        assert name.partition("/")[2].rstrip("0123456789") in COMPLETED
        assert _is_restricted(answer.body["spec"]), answer.body["spec"]
    elif name.partition("/")[2].rstrip("0123456789") in CONTRADICTORY:
        assert (answer.status, "Invalid value" in answer.message) == (422, True)
    else:
        assert answer.status == 403
        assert VIOLATION in answer.message


def _is_restricted(spec: Json) -> bool:
    """Whether what was stored says of every container what `restricted` wants to hear."""
    whole = spec.get("securityContext", {})
    contexts = [one.get("securityContext", {}) for one in spec["containers"] + spec.get("initContainers", [])]
    return all(
        context.get("allowPrivilegeEscalation") is False
        and context.get("capabilities", {}).get("drop") == ["ALL"]
        and context.get("runAsNonRoot", whole.get("runAsNonRoot")) is True
        and context.get("seccompProfile", whole.get("seccompProfile", {})).get("type") == "RuntimeDefault"
        for context in contexts
    )


ROOT = pod_spec(container(securityContext={"runAsUser": 0}))


def workload(kind: str, name: str, spec: Json) -> tuple[str, Json]:
    """A workload of a kind, and the plural of the kind."""
    labels = {"attack": name}
    metadata = {"name": name, "labels": labels}
    selected = {"selector": {"matchLabels": labels}, "template": template(spec, labels)}
    job = {"template": template(spec | {"restartPolicy": "Never"}, labels), "backoffLimit": 0}
    bodies: dict[str, tuple[str, str, Json]] = {
        "Job": ("batch/v1", "jobs", job),
        "CronJob": ("batch/v1", "cronjobs", {"schedule": "* * * * *", "jobTemplate": {"spec": job}}),
        "StatefulSet": ("apps/v1", "statefulsets", selected | {"serviceName": name}),
    }
    version, plural, body = bodies[kind]
    return plural, obj(version, kind, metadata=metadata, spec=body)


@pytest.mark.parametrize("kind", ["Job", "StatefulSet"])
def test_a14_templates_of_other_workloads(kind: str, world: World) -> None:
    """Accepted as they are, and no pod comes of them; of the control's, one does."""
    for suffix, spec, wanted in (("bad", ROOT, 0), ("good", pod_spec(), 1)):
        name = f"{kind.lower()}-{suffix}"
        plural, body = workload(kind, name, spec)
        answer = world.clients[DEVELOPER].send(create(plural, body).filled(world.words()))
        assert answer.allowed, answer
        if wanted:
            assert until(partial(_pods, world, name))
        else:
            assert until(partial(_violations, world, name))
            assert _pods(world, name) == []
        _remove(world, f"{collection(body['apiVersion'], plural)}/{name}")


def test_a14_daemon_sets_are_not_for_tenants(world: World) -> None:
    name = "daemons"
    body = obj("apps/v1", "DaemonSet", metadata={"name": name}, spec=deployment(name, pod_spec())["spec"])
    del body["spec"]["replicas"]
    answer = world.ask(create("daemonsets", body), DEVELOPER)
    assert answer.status == 403
    assert 'cannot create resource "daemonsets"' in answer.message


def _pods(world: World, name: str) -> list[Json]:
    return world.kube.list("v1", "Pod", world.own, labels=f"attack={name}")


def _failures(world: World, name: str) -> list[str]:
    events = world.kube.raw(
        "GET", f"/api/v1/namespaces/{world.own}/events", query={"fieldSelector": "reason=FailedCreate"}
    )
    return [one["message"] for one in events["items"] if one["involvedObject"]["name"] == name]


def _violations(world: World, name: str) -> list[str]:
    return [message for message in _failures(world, name) if VIOLATION in message]


def _remove(world: World, path: str) -> None:
    call = Call(method="DELETE", path=path, body={"propagationPolicy": "Background"})
    world.platform.send(call.filled(world.words()))


def test_a17_no_pod_security_exemption_is_configured(world: World) -> None:
    """The platform itself is refused, too: nobody and no namespace of a tenant is exempt."""
    answer = world.ask(create("pods", pod(pod_spec(hostNetwork=True))).rehearsed(), "platform")
    assert answer.status == 403
    assert VIOLATION in answer.message


def test_a22_parallel_creates_never_pass_the_cap(world: World) -> None:
    """50 at once where 6 GPUs fit: as many are admitted as fit, and never one more."""
    spec = pod_spec(
        container(resources={"requests": {"cpu": "10m"}, "limits": {"memory": "16Mi", "nvidia.com/gpu": "1"}})
    )
    call = create("pods", pod(spec, labels={"attack": "flood"}))
    client, words = world.clients[DEVELOPER], [world.words() for _ in range(50)]
    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(lambda word: client.send(call.filled(word | {"name": f"flood-{word['name']}"})), words))
    held = sum(_gpus(one) for one in world.kube.list("v1", "Pod", world.own))
    for word in words:
        world.platform.send(Call(method="DELETE", path=f"/api/v1/namespaces/{world.own}/pods/flood-{word['name']}"))
    refused = [answer for answer in answers if not answer.allowed]
    assert {answer.status for answer in refused} <= {403, 409}
    assert 0 < held <= 6
    assert len(answers) - len(refused) <= 6


def _gpus(one: Json) -> int:
    limits = [part.get("resources", {}).get("limits", {}) for part in one["spec"]["containers"]]
    return sum(int(limit.get("nvidia.com/gpu", 0)) for limit in limits)


SILENT = pod_spec(container(resources=None))


def test_a25_a_container_that_asks_for_nothing_is_counted_all_the_same(world: World) -> None:
    answer = world.ask(create("pods", pod(SILENT)), DEVELOPER)
    assert answer.allowed, answer
    [one] = answer.body["spec"]["containers"]
    assert one["resources"] == {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}}


def test_a25_without_the_defaults_such_a_container_is_refused(world: World) -> None:
    """The quota asks for what the defaults fill in: taken away, nothing gets by uncounted."""
    with without(world, [LIMITS]):
        answer = until(lambda: _refusal(world, SILENT))
    assert answer == "must specify"
    world.noticed.add(LIMITS)


def _refusal(world: World, spec: Json) -> str:
    answer = world.ask(create("pods", pod(spec)).rehearsed(), DEVELOPER)
    return "must specify" if "must specify limits.memory" in answer.message else ""


def test_a30_a_snapshot_of_others_is_forgotten(world: World) -> None:
    """Kubernetes keeps no other namespace in a claim's source unless a gate is open that is closed by default."""
    source = {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "theirs", "namespace": "$other"}
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "dataSourceRef": source}
    answer = world.ask(create("persistentvolumeclaims", obj("v1", "PersistentVolumeClaim", spec=spec)), DEVELOPER)
    assert answer.allowed, answer
    assert "namespace" not in answer.body["spec"].get("dataSourceRef", {})


def test_a21_nothing_was_evicted_for_the_attacker(world: World) -> None:
    events = world.ask(read("/api/v1/events", fieldSelector="reason=Preempted"), "platform")
    assert events.body["items"] == []


def test_a22_every_amount_is_in_force(world: World) -> None:
    quota = world.kube.get("v1", "ResourceQuota", "tenant", world.own)
    assert quota is not None
    assert quota["status"]["hard"] == quota["spec"]["hard"]
    assert hard("requests.cpu").name.partition("/")[2] in quota["status"]["hard"]
