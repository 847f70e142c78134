"""Each rule about pods on the real API server: one pod that it refuses and one that differs in a field and passes."""

from __future__ import annotations

import pytest

from tenantry.guards import images, placement, pods
from tenantry.kube import Kube, KubeError
from tenantry.sandbox.control_plane import Sandbox
from tests.sandbox.engine_world import World
from tests.sandbox.pod_cases import CASES, GPU, IMAGE, MANAGER, Spec, limits, pod, refusal, tolerating


@pytest.fixture(scope="module")
def developer(world: World, sandbox: Sandbox) -> Kube:
    """A developer of the team vision."""
    return Kube.from_kubeconfig(sandbox.issue("dana", ("ml-vision",)))


@pytest.mark.parametrize("case", CASES)
def test_one_is_refused_and_the_other_passes(developer: Kube, case: str) -> None:
    rule, bad, good, words = CASES[case]
    with pytest.raises(KubeError) as caught:
        developer.create(pod(bad), MANAGER)
    assert (caught.value.status, caught.value.reason) == (403, "Forbidden")
    assert caught.value.message.endswith(refusal(rule, words))
    developer.create(pod(good), MANAGER, dry_run=True)


def test_every_rule_about_pods_has_a_case() -> None:
    # The API server itself knows no class but those that the platform makes, and it makes none.
    rules = {rule.name for family in (placement, pods, images) for rule in family.RULES} - {"pod-runtime-class"}
    assert {rule for rule, *_ in CASES.values()} == rules


def test_an_ordinary_pod_is_completed_and_what_it_says_itself_stays(developer: Kube) -> None:
    made = developer.create(pod({}), MANAGER, dry_run=True)["spec"]
    assert (made["priorityClassName"], made["priority"], made["preemptionPolicy"]) == (
        "tenantry-standard",
        2000,
        "Never",
    )
    assert made["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    [container] = made["containers"]
    whole = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    assert container["securityContext"] == whole
    assert "affinity" not in made
    own = {"runAsUser": 7, "capabilities": {"add": ["NET_BIND_SERVICE"]}}
    spec: Spec = {
        "securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "a.json"}},
        "container": {"securityContext": own},
        "initContainers": [{"name": "first", "image": IMAGE}],
    }
    made = developer.create(pod(spec), MANAGER, dry_run=True)["spec"]
    assert made["securityContext"] == {**spec["securityContext"], "runAsNonRoot": True}
    [container], [first] = made["containers"], made["initContainers"]
    capabilities = {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]}
    assert container["securityContext"] == {
        "runAsUser": 7,
        "allowPrivilegeEscalation": False,
        "capabilities": capabilities,
    }
    assert first["securityContext"] == whole


@pytest.mark.parametrize(
    "context", [{"privileged": True}, {"runAsNonRoot": False}, {"capabilities": {"drop": ["KILL"]}}], ids=str
)
def test_nothing_is_completed_against_what_is_written(developer: Kube, context: Spec) -> None:
    with pytest.raises(KubeError, match=r'violates PodSecurity "restricted:latest"|allowPrivilegeEscalation'):
        developer.create(pod({"container": {"securityContext": context}}), MANAGER)


def test_whoever_asks_for_a_gpu_gets_its_toleration(developer: Kube) -> None:
    asks = limits(**{"nvidia.com/gpu": "1"})
    made = developer.create(pod(asks), MANAGER, dry_run=True)["spec"]
    wanted = {**GPU, "effect": "NoSchedule"}
    assert made["tolerations"].count(wanted) == 1
    made = developer.create(pod(asks | tolerating(**wanted)), MANAGER, dry_run=True)["spec"]
    assert made["tolerations"].count(wanted) == 1
    assert wanted not in developer.create(pod({}), MANAGER, dry_run=True)["spec"]["tolerations"]
