"""Serving on a real API server: the operator runs, models are taken as rendered, and both do only what they may."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from components import metadata
from components.serving_cluster import ServingCluster, ServingClusterArgs
from tenantry.catalog import load_environment
from tenantry.kube import Json, Kube, KubeError
from tenantry.serving import words
from tests.components import models
from tests.components.models import CANARY, CHANGES, PROMOTED, SHADOW, STABLE
from tests.sandbox import captured
from tests.sandbox.serving_install import MANAGER, ROOT, Install, install, real, run
from tests.sandbox.waiting import until

__all__ = ["install", "real"]
ISTIO = "networking.istio.io/v1"


def objects(team: Install, folder: Path, text: str) -> tuple[Json, ...]:
    return team.model(models.model(folder, text))


def deployment(made: tuple[Json, ...]) -> Json:
    [found] = [obj for obj in made if obj["kind"] == words.KIND]
    return found


def live(team: Install) -> Json | None:
    return team.admin.get(words.API_VERSION, words.KIND, "defect-detector", team.namespace)


@pytest.fixture
def canary(install: Install, tmp_path: Path) -> Json:
    """The canary as the platform makes it, in the cluster for the length of a test."""
    made = objects(install, tmp_path, CANARY)
    for obj in made:
        install.admin.apply(obj, MANAGER, force=True)
    return deployment(made)


@pytest.fixture(autouse=True)
def _nothing_is_left(install: Install) -> object:
    yield
    for version, kind in ((words.API_VERSION, words.KIND), ("policy/v1", "PodDisruptionBudget")):
        install.admin.delete(version, kind, "defect-detector", install.namespace)


def test_the_operator_becomes_available(install: Install) -> None:
    def there() -> Json:
        return install.admin.get("apps/v1", "Deployment", words.OPERATOR, install.namespace) or {}

    until(lambda: there().get("status", {}).get("availableReplicas") == 1)
    assert there().get("status", {}).get("availableReplicas") == 1, there().get("status")


def test_applied_again_nothing_changes(install: Install) -> None:
    changed = []
    for obj in install.objects:
        name, namespace = obj["metadata"]["name"], obj["metadata"].get("namespace")
        before = install.admin.get(obj["apiVersion"], obj["kind"], name, namespace) or {}
        after = install.admin.apply(obj, MANAGER, dry_run=True)
        if before.get("spec") != after.get("spec") or before.get("data") != after.get("data"):
            changed.append((obj["kind"], name))
    assert changed == []


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_taken_as_it_is(install: Install, tmp_path: Path, change: str) -> None:
    """Strictly: a field that the schema does not know is refused, and so is what a rule does not let through."""
    before, after = CHANGES[change]
    for text in (before, after):
        if text:
            for obj in objects(install, tmp_path, text):
                kept = install.admin.apply(obj, MANAGER, force=True)
                assert kept["spec"] == obj["spec"], "the API server dropped or added something"
    found = live(install)
    assert found is not None
    if after:
        assert found["spec"] == deployment(objects(install, tmp_path, after))["spec"]


@pytest.mark.usefixtures("canary")
def test_with_the_file_goes_everything(install: Install, tmp_path: Path) -> None:
    for obj in objects(install, tmp_path, STABLE):
        install.admin.delete(obj["apiVersion"], obj["kind"], obj["metadata"]["name"], install.namespace)
    assert until(lambda: live(install) is None)


def test_an_applied_canary_is_changed_by_nobody_else(install: Install, canary: Json) -> None:
    again = install.admin.apply(canary, MANAGER, dry_run=True)
    found = live(install) or {}
    assert (again["spec"], again["metadata"]["generation"]) == (found["spec"], found["metadata"]["generation"])


def test_a_promotion_is_one_request(install: Install, canary: Json, tmp_path: Path) -> None:
    """Weights and the old version's end in one: there is no moment at which they do not add up."""
    promoted = deployment(objects(install, tmp_path, PROMOTED))
    install.admin.apply(promoted, MANAGER, force=True)
    found = live(install) or {}
    [one] = found["spec"]["predictors"]
    assert (one["name"], one["traffic"], found["metadata"]["generation"]) == ("v13", 100, 2)
    [before] = [other for other in canary["spec"]["predictors"] if other["name"] == "v13"]
    assert {**before, "traffic": 100} == one


def operated(team: Install, owner: Json) -> list[Json]:
    """What the real operator made of a canary, as it would make it here."""
    reference = {"apiVersion": words.API_VERSION, "kind": words.KIND, "name": owner["metadata"]["name"]}
    owners = [{**reference, "uid": owner["metadata"]["uid"], "controller": True, "blockOwnerDeletion": True}]
    made = []
    for obj in captured.documents("seldon-operator-output.yaml"):
        text = json.dumps(obj).replace("/seldon/vision/", f"/seldon/{team.namespace}/")
        text = text.replace(".vision.svc", f".{team.namespace}.svc")
        one: Json = json.loads(text.replace('"exact": "vision"', f'"exact": "{team.namespace}"'))
        for written in ("creationTimestamp", "generation", "resourceVersion", "uid", "managedFields"):
            one["metadata"].pop(written, None)
        one["metadata"] |= {"namespace": team.namespace, "ownerReferences": owners}
        one.pop("status", None)
        made.append(one)
    return made


@pytest.mark.usefixtures("canary")
def test_the_operator_may_make_what_it_makes_and_its_pods_run(install: Install) -> None:
    """By its own account: rights, rules, Pod Security and the quota let it."""
    operator, owner = install.acting_as(words.MANAGER), live(install) or {}
    made = operated(install, owner)
    assert {obj["kind"] for obj in made} == {"Deployment", "Service", "VirtualService", "DestinationRule"}
    for obj in made:
        operator.create(obj, MANAGER)
    names = [obj["metadata"]["name"] for obj in made if obj["kind"] == "Deployment"]

    def available() -> list[str]:
        found = (install.admin.get("apps/v1", "Deployment", name, install.namespace) or {} for name in names)
        return [one["metadata"]["name"] for one in found if one.get("status", {}).get("availableReplicas")]

    until(lambda: available() == names)
    assert available() == names, [
        item.get("status") for item in install.admin.list("apps/v1", "Deployment", install.namespace)
    ]
    for obj in made:
        operator.delete(obj["apiVersion"], obj["kind"], obj["metadata"]["name"], install.namespace)


def status(operator: Kube, team: Install) -> Json:
    """The operator's word on a model."""
    found = copy.deepcopy(live(team) or {})
    found["status"] = {"state": "Available"}
    path = operator.path(words.API_VERSION, words.KIND, "defect-detector", team.namespace)
    return operator.raw("PUT", f"{path}/status", body=found)


@pytest.mark.usefixtures("canary")
def test_the_operator_reports_on_a_model_and_changes_nothing_of_it(install: Install) -> None:
    operator = install.acting_as(words.MANAGER)
    assert status(operator, install)["status"]["state"] == "Available"
    with pytest.raises(KubeError, match="cannot patch resource"):
        operator.apply(live(install) or {}, MANAGER, force=True, dry_run=True)


def test_the_operator_holds_nothing_else(install: Install) -> None:
    operator = install.acting_as(words.MANAGER)
    for kind in ("ConfigMap", "Service"):
        operator.list("v1", kind, install.namespace)
    for kind in ("PodDisruptionBudget",):
        operator.list("policy/v1", kind, install.namespace)
    operator.get("v1", "ServiceAccount", words.SERVER, install.namespace)
    for version, kind in (("v1", "Secret"), ("v1", "Pod"), ("rbac.authorization.k8s.io/v1", "Role")):
        with pytest.raises(KubeError, match="forbidden"):
            operator.list(version, kind, install.namespace)
    with pytest.raises(KubeError, match="forbidden"):
        operator.list(ISTIO, "VirtualService", "default")


def test_models_run_as_nobody(install: Install) -> None:
    with pytest.raises(KubeError, match="forbidden"):
        install.acting_as(words.SERVER).list("v1", "ConfigMap", install.namespace)


def test_a_shadow_is_mirrored_and_answers_nobody(install: Install, tmp_path: Path) -> None:
    made = deployment(objects(install, tmp_path, SHADOW))
    stable, shadow = install.admin.apply(made, MANAGER, force=True)["spec"]["predictors"]
    assert (stable["traffic"], "shadow" in stable) == (100, False)
    assert (shadow["traffic"], shadow["shadow"]) == (50, True)


def test_the_api_server_takes_the_definition_of_the_kind(install: Install) -> None:
    marks = metadata.of_platform(load_environment(ROOT, "sandbox"))
    declared = run(lambda: ServingCluster("platform-serving", ServingClusterArgs(marks=marks)), "platform")
    for definition in declared:
        install.admin.apply(definition, MANAGER, force=True, dry_run=True)
    assert len(declared) == 1
