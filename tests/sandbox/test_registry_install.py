"""A team's registry on the sandbox's API server: admitted under every rule, available, and within the quota."""

from __future__ import annotations

import uuid
from base64 import b64decode
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from components.tenant import Tenant, TenantArgs
from tenantry.catalog import EffectiveTenant, load_tenant
from tenantry.kube import Json, Kube, KubeError
from tenantry.registry import words
from tenantry.registry.footprint import footprint
from tenantry.registry.stores import ON_VOLUME, OWN_DATABASE
from tenantry.render import render_stack
from tenantry.render.program import Program
from tenantry.verify.identities import service_account
from tests.sandbox.waiting import until

ROOT = Path(__file__).parents[2]
MANAGER = "tests"
RULES = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "PriorityClass")


@dataclass(frozen=True)
class Team:
    """A team with a registry and nothing else."""

    namespace: str
    objects: tuple[Json, ...]
    admin: Kube

    def live(self, kind: str, name: str, api: str = "v1") -> Json:
        found = self.admin.get(api, kind, name, self.namespace)
        assert found, f"no {kind} {name}"
        return found


@pytest.fixture(scope="module")
def team(kube: Kube) -> Team:
    name = f"mlflow-{uuid.uuid4().hex[:8]}"
    vision = load_tenant(ROOT, "vision", "sandbox")
    changes = {"id": name, "pipelines": False, "serving": False}
    alone = replace(vision, spec=vision.spec.model_copy(update=changes), models=())
    with Program(ROOT) as program:
        rendered = program.run(lambda: _declare(alone), f"{name}.sandbox", {})
    rules = [obj for obj in render_stack(ROOT, "platform.sandbox").objects() if obj["kind"] in RULES]
    objects = tuple(rendered.objects())
    for obj in (*rules, *objects):
        kube.apply(obj, MANAGER, force=True)
    return Team(name, objects, kube)


def _declare(tenant: EffectiveTenant) -> None:
    Tenant(tenant.spec.id, TenantArgs(tenant=tenant))


def available(team: Team) -> dict[str, bool]:
    deployments = team.admin.list("apps/v1", "Deployment", team.namespace)
    return {item["metadata"]["name"]: item.get("status", {}).get("availableReplicas") == 1 for item in deployments}


def complaints(team: Team) -> list[str]:
    return [
        condition.get("message", "")
        for item in team.admin.list("apps/v1", "Deployment", team.namespace)
        for condition in item.get("status", {}).get("conditions", [])
        if condition["status"] == "False" or condition["type"] == "ReplicaFailure"
    ]


def test_both_parts_become_available(team: Team) -> None:
    until(lambda: all(available(team).values()), 120)
    assert available(team) == {words.SERVER: True, words.DATABASE: True}, complaints(team)


def test_applied_again_nothing_changes(team: Team) -> None:
    """What the API server fills in is in nobody's way."""
    changed = []
    for obj in team.objects:
        name, namespace = obj["metadata"]["name"], obj["metadata"].get("namespace")
        before = team.admin.get(obj["apiVersion"], obj["kind"], name, namespace)
        after = team.admin.apply(obj, MANAGER, dry_run=True)
        if before is None or before.get("spec") != after.get("spec") or before.get("data") != after.get("data"):
            changed.append((obj["kind"], name))
    assert changed == []


def test_it_takes_what_its_footprint_says(team: Team) -> None:
    until(lambda: all(available(team).values()), 120)
    priced = footprint(OWN_DATABASE, ON_VOLUME)
    used = until(lambda: counted(team, str(priced.pods)))
    assert used["pods"] == str(priced.pods)
    assert used["requests.cpu"] == f"{priced.cpu}m"
    assert used["requests.memory"] == f"{priced.memory}Mi"
    assert used["requests.storage"] == f"{priced.storage}Gi"


def counted(team: Team, pods: str) -> dict[str, str]:
    """What the quota counts, once it counts so many pods."""
    used: dict[str, str] = team.live("ResourceQuota", "tenant").get("status", {}).get("used", {})
    return used if used.get("pods") == pods else {}


@pytest.mark.parametrize("name", [words.ARTIFACTS, words.DATABASE])
def test_its_volumes_have_disks(team: Team, name: str) -> None:
    assert until(lambda: team.live("PersistentVolumeClaim", name)["status"].get("phase") == "Bound")


def test_its_accounts_may_nothing_and_its_password_is_nobodys_to_change(team: Team) -> None:
    for account in (words.SERVER, words.DATABASE):
        who = service_account(team.namespace, account)
        posing = team.admin.acting_as(who.user, who.groups)
        for kind, name in (("Secret", words.DATABASE), ("ConfigMap", words.DATABASE)):
            with pytest.raises(KubeError, match="forbidden"):
                posing.get("v1", kind, name, team.namespace)
    secret = team.live("Secret", words.DATABASE)
    assert b64decode(secret["data"]["username"])
    with pytest.raises(KubeError, match="immutable"):
        team.admin.apply({**secret_of(team), "data": {"password": "b3RoZXI="}}, MANAGER, force=True, dry_run=True)


def secret_of(team: Team) -> Json:
    [found] = [obj for obj in team.objects if (obj["kind"], obj["metadata"]["name"]) == ("Secret", words.DATABASE)]
    return found


def test_a_server_from_another_registry_of_images_is_refused(team: Team) -> None:
    [server] = [obj for obj in team.objects if (obj["kind"], obj["metadata"]["name"]) == ("Deployment", words.SERVER)]
    spec = {**server["spec"]["template"]["spec"], "initContainers": []}
    [container] = spec["containers"]
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "other", "namespace": team.namespace},
        "spec": {**spec, "containers": [{**container, "image": "docker.io/somebody/mlflow:v3.13.0"}]},
    }
    with pytest.raises(KubeError, match="pod-images"):
        team.admin.create(pod, MANAGER, dry_run=True)
