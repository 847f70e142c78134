from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tenantry.engine import runs
from tenantry.engine.results import StackResult
from tenantry.kube import Kube, KubeError
from tenantry.status import status
from tests.sandbox.engine_world import FORECASTING, NLP, PLATFORM, STACKS, VISION, World
from tests.sandbox.newcomer import at
from tests.sandbox.waiting import until

REFUSAL = {
    "apiVersion": "admissionregistration.k8s.io/v1",
    "kind": "ValidatingAdmissionPolicy",
    "metadata": {"name": "engine-tests-refuse"},
    "spec": {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["resourcequotas"]}
            ]
        },
        "validations": [{"expression": "!('pods' in object.spec.hard) || string(object.spec.hard['pods']) != '13'"}],
    },
}
BINDING = {
    "apiVersion": "admissionregistration.k8s.io/v1",
    "kind": "ValidatingAdmissionPolicyBinding",
    "metadata": {"name": "engine-tests-refuse"},
    "spec": {"policyName": "engine-tests-refuse", "validationActions": ["Deny"]},
}


def test_three_tenants_arrive_as_planned(world: World) -> None:
    assert [(result.stack, result.outcome, result.error) for result in world.first] == [(s, "done", "") for s in STACKS]
    assert [result.counts for result in world.first] == [result.counts for result in world.plan]
    assert None not in world.live(*STACKS).values()
    for found in status(world.root, "sandbox", ["vision", "forecasting", "nlp"]):
        assert (found.deployed, found.missing, found.phase, found.pending) == (True, (), "Active", 0)


def test_the_second_time_nothing_changes_and_a_preview_writes_nothing(world: World) -> None:
    before = world.live(*STACKS)
    plan = runs.preview(world.workspace, STACKS)
    assert [(result.outcome, result.changes) for result in plan] == [("done", ())] * len(STACKS)
    assert world.live(*STACKS) == before
    # Two at once: one runs and finds nothing to do, the other one leaves everything alone.
    others: list[StackResult] = []
    [done] = runs.up(
        world.workspace,
        [VISION],
        at(1, lambda: others.extend(runs.up(world.workspace, [VISION], plan=plan))),
        plan=plan,
    )
    assert ([other.outcome for other in others], done.outcome, done.changes) == (["busy"], "done", ())
    assert world.live(*STACKS) == before


def test_an_edit_updates_in_place_and_nothing_else(world: World) -> None:
    before = world.live(*STACKS)
    world.edit("vision", "cpu: 64", "cpu: 48")
    [plan] = runs.preview(world.workspace, [VISION])
    [result] = runs.up(world.workspace, [VISION], plan=[plan])
    after = world.live(*STACKS)
    assert result.outcome == "done"
    assert [(change.urn, change.fields) for change in result.changes] == [(c.urn, c.fields) for c in plan.changes]
    assert {change.operation for change in result.changes} == {"update"}
    assert 'spec.hard["requests.cpu"]' in {field.path for change in result.changes for field in change.fields}
    objects = {change.urn for change in result.changes} & before.keys()
    assert {urn for urn in before if after[urn] != before[urn]} == objects
    for urn in objects:
        assert uid(before[urn]) == uid(after[urn])


def uid(live: Mapping[str, Any] | None) -> str:
    assert live is not None
    return str(live["metadata"]["uid"])


def test_plain_pulumi_agrees_and_a_lost_settings_file_costs_nothing(world: World) -> None:
    file = world.checkpoint(NLP)
    salt = json.loads(file.read_text())["checkpoint"]["latest"]["secrets_providers"]
    shutil.rmtree(world.root / ".tenantry/stacks")
    done = world.workspace.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", NLP)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(file.read_text())["checkpoint"]["latest"]["secrets_providers"] == salt


@pytest.fixture
def refusing(world: World) -> Iterator[None]:
    """The API server refuses quotas of 13 pods, in earnest and in dry runs."""
    for item in (REFUSAL, BINDING):
        world.kube.apply(item, "tests")
    assert until(lambda: refuses(world.kube)), "the policy never came into force"
    yield
    for item in (BINDING, REFUSAL):
        world.kube.delete(str(item["apiVersion"]), str(item["kind"]), "engine-tests-refuse")


def refuses(kube: Kube) -> bool:
    unlucky = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "tenant", "namespace": "vision"},
        "spec": {"hard": {"pods": "13"}},
    }
    try:
        kube.apply(unlucky, "tests", force=True, dry_run=True)
    except KubeError:
        return True
    return False


@pytest.mark.usefixtures("refusing")
def test_bad_edits_change_nothing_and_stop_nobody_else(world: World) -> None:
    before = world.live(PLATFORM, VISION, FORECASTING)
    world.edit("vision", "pods: 200", "pods: 13")
    world.edit("forecasting", "id: forecasting", "id: [forecasting")
    world.edit("nlp", "tier: small", "tier: small\nquota: {cpu: 12}")
    vision, forecasting, nlp = runs.up(world.workspace, [VISION, FORECASTING, NLP])
    for tenant in ("vision", "forecasting", "nlp"):
        world.restore(tenant)
    assert (vision.outcome, forecasting.outcome, nlp.outcome) == ("failed", "failed", "done")
    assert "ResourceQuota vision/tenant" in vision.error
    assert "tenants/forecasting/tenant.yaml:" in forecasting.error
    assert nlp.counts["update"] > 0
    assert world.live(PLATFORM, VISION, FORECASTING) == before


def test_drift_shows_and_a_refresh_repairs_it(world: World) -> None:
    world.kube.delete("networking.k8s.io/v1", "NetworkPolicy", "default-deny", "forecasting")
    [found] = status(world.root, "sandbox", ["forecasting"])
    assert found.missing == ("NetworkPolicy forecasting/default-deny",)
    [result] = runs.up(world.workspace, [FORECASTING], refresh=True)
    assert (result.outcome, result.error) == ("done", "")
    assert status(world.root, "sandbox", ["forecasting"])[0].missing == ()
