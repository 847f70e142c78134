"""Probes: one for each rule, and how their answers are judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from tenantry.catalog import load_tenant
from tenantry.guards import RULES
from tenantry.kube import Kube, KubeError
from tenantry.verify.admission import admission_checks
from tenantry.verify.check import BrokenError, Check
from tenantry.verify.object_probes import UNSHOWN
from tenantry.verify.plan import PROBES
from tenantry.verify.probe import Facts, Probe, pod
from tests.unit.verify.doubles import Json, Server

ROOT = Path(__file__).parents[3]
FACTS = Facts("vision", "vision", "registry/image:v1", "verify.example.com", "standard")
PROBE = Probe("pod-node-name", "a pod that names its node", lambda facts: pod(facts, {"nodeName": "n"}))


def checks(answer: Any) -> list[Check]:
    return list(admission_checks(cast("Kube", Server(create_answer=answer)), FACTS, None, [PROBE]))


def refusing(reason: str, message: str) -> Any:
    def answer(body: Json) -> Json:
        if body["spec"].get("nodeName"):
            raise KubeError(403, reason, message)
        return body

    return answer


def test_every_rule_has_a_probe_or_a_reason_for_having_none() -> None:
    probed = {probe.guard for probe in PROBES if not probe.words}
    assert probed | UNSHOWN.keys() == {rule.name for rule in RULES}
    assert probed & UNSHOWN.keys() == set()


def test_probes_speak_of_the_tenant_s_own_values() -> None:
    facts = Facts.of(load_tenant(ROOT, "vision", "sandbox"))
    assert facts.image.startswith("registry.ml.sandbox.test/tenantry-verify:v1@sha256:")
    assert facts.host == "tenantry-verify.vision.ml.sandbox.test"
    for probe in PROBES:
        made = probe.body(facts)
        assert made["metadata"]["namespace"] == "vision"
        assert "$" not in str(made)


def test_everything_is_asked_in_dry_runs() -> None:
    server = Server()
    for check in admission_checks(cast("Kube", server), FACTS, None, PROBES):
        try:
            check.run()
        except BrokenError:
            continue
    assert len(server.created) > len(PROBES) / 2
    assert {dry_run for _, dry_run in server.created} == {True}


def test_a_refusal_by_the_guard_itself_passes() -> None:
    ordinary, guard = checks(refusing("Forbidden", "ValidatingAdmissionPolicy 'tenantry-pod-node-name' with binding"))
    ordinary.run()
    guard.run()
    assert guard.name == "vision/admission/pod-node-name"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda body: body, "pod-node-name did not refuse a pod that names its node"),
        (refusing("Forbidden", "exceeded quota: tenant"), "something else did: exceeded quota"),
        (refusing("Invalid", "ValidatingAdmissionPolicy 'tenantry-pod-node-names'"), "something else did"),
    ],
)
def test_everything_else_is_a_failure(answer: Any, words: str) -> None:
    with pytest.raises(BrokenError, match=words):
        checks(answer)[1].run()


def test_no_answer_is_no_refusal() -> None:
    with pytest.raises(KubeError, match="'tenantry-pod-node-name' timed out"):
        checks(refusing("InternalError", "'tenantry-pod-node-name' timed out"))[1].run()


@pytest.mark.parametrize(("message", "passes"), [("exceeded quota: tenant", True), ("violates PodSecurity", False)])
def test_an_ordinary_pod_must_pass_all_but_a_full_quota(message: str, *, passes: bool) -> None:
    def answer(_: Json) -> Json:
        raise KubeError(403, "Forbidden", message)

    if passes:
        checks(answer)[0].run()
    else:
        with pytest.raises(BrokenError, match="An ordinary pod is refused: violates PodSecurity"):
            checks(answer)[0].run()


def test_a_kind_that_the_cluster_lacks_needs_no_refusal() -> None:
    def answer(body: Json) -> Json:
        if body["kind"] == "HTTPRoute":
            raise KubeError(404, "NoKind", "no HTTPRoute")
        return body

    [probe] = [one for one in PROBES if one.guard == "gateway-routes"]
    [_, check] = admission_checks(cast("Kube", Server(create_answer=answer)), FACTS, None, [probe])
    check.run()
