from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tenantry import status as module
from tenantry.engine.workspace import Workspace
from tenantry.kube import KubeError
from tenantry.status import QuotaUse, quota_use, status
from tests.unit.engine_double import REPOSITORY, Engine, resource, workspace_around, write_state

STACK = "vision.sandbox"


def quota(hard: dict[str, str], used: dict[str, str], **spec: Any) -> dict[str, Any]:
    return {"spec": {"hard": hard, **spec}, "status": {"hard": hard, "used": used}}


def test_quota_use_is_in_the_words_of_the_tenants_file() -> None:
    hard = {"requests.cpu": "64", "requests.nvidia.com/gpu": "0", "pods": "200", "count/secrets": "5"}
    used = {"requests.cpu": "16500m", "requests.nvidia.com/gpu": "1", "pods": "50"}
    assert quota_use([quota(hard, used)]) == (
        QuotaUse("cpu", "16500m", "64", 0.2578125),
        QuotaUse("gpus", "1", "0", 1.0),
        QuotaUse("pods", "50", "200", 0.25),
    )


def test_the_tightest_quota_counts() -> None:
    wide, tight = quota({"pods": "20"}, {"pods": "5"}), quota({"pods": "10"}, {"pods": "5"})
    for quotas in ([wide, tight], [tight, wide]):
        assert quota_use(quotas) == (QuotaUse("pods", "5", "10", 0.5),)


@pytest.mark.parametrize(
    "scope",
    [
        {"scopes": ["BestEffort"]},
        {"scopeSelector": {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["high"]}]}},
    ],
)
def test_a_quota_of_some_pods_only_says_nothing_of_the_tenant(scope: dict[str, Any]) -> None:
    scoped = quota({"pods": "2", "requests.cpu": "1"}, {"pods": "2", "requests.cpu": "1"}, **scope)
    assert quota_use([scoped]) == ()
    assert quota_use([scoped, quota({"pods": "10"}, {"pods": "5"})]) == (QuotaUse("pods", "5", "10", 0.5),)


def test_the_quota_against_system_priorities_shows_in_no_bar() -> None:
    rendered = json.loads((REPOSITORY / "tests/golden/vision.sandbox.json").read_text())
    [ban] = [one["inputs"] for one in rendered if one["urn"].endswith("ResourceQuota::vision-quota-no-system-priority")]
    assert quota_use([{**ban, "status": {"hard": ban["spec"]["hard"], "used": {}}}]) == ()


def test_a_quota_that_was_not_counted_yet_says_nothing() -> None:
    assert quota_use([{"spec": {"hard": {"pods": "10"}}}]) == ()


class Cluster:
    """Has the namespace and one of the two objects; a kind's definition is gone."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def from_kubeconfig(self, *_: object) -> Cluster:
        return self

    def list(self, api_version: str, kind: str, *, labels: str) -> list[dict[str, Any]]:
        self.asked.append((kind, labels))
        if kind == "LocalQueue":
            raise KubeError(404, "NoKind", "no LocalQueue")
        labelled = {"name": "vision", "labels": {"tenantry.dev/lifecycle": "frozen"}}
        found: dict[str, list[dict[str, Any]]] = {
            "Namespace": [{"metadata": labelled, "status": {"phase": "Active"}}],
            "Role": [{"metadata": {"name": "admin", "namespace": "vision"}}],
        }
        return [{"apiVersion": api_version, "kind": kind, **item} for item in found.get(kind, [])]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    found = Cluster()
    monkeypatch.setattr(module, "Kube", found)
    return found


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    found = workspace_around(Engine(tmp_path / "engine"), tmp_path / "root")
    monkeypatch.setattr(module, "workspace", lambda *_: found)
    return found


def test_status_compares_state_and_cluster(workspace: Workspace, cluster: Cluster) -> None:
    held = [resource(STACK, "Role", "admin"), resource(STACK, "Role", "viewer"), resource(STACK, "LocalQueue", "gpus")]
    write_state(workspace, STACK, held, pending=[{"type": "creating", "resource": held[0]}])
    vision, nobody = status(workspace.root, "sandbox", ["vision", "nobody"])
    assert (vision.deployed, vision.resources, vision.pending) == (True, 3, 1)
    assert vision.missing == ("Role vision/viewer", "LocalQueue vision/gpus")
    assert (vision.phase, vision.lifecycle) == ("Active", "frozen")
    assert (nobody.deployed, nobody.updated, nobody.phase, nobody.missing) == (False, None, None, ())
    assert {labels for _, labels in cluster.asked} == {"app.kubernetes.io/managed-by=tenantry"}


def test_the_cluster_is_asked_once_a_kind(workspace: Workspace, cluster: Cluster) -> None:
    write_state(workspace, STACK, [resource(STACK, "Role", f"r{number}") for number in range(5)])
    status(workspace.root, "sandbox", ["vision"])
    assert sorted(cluster.asked) == [
        (kind, "tenantry.dev/tenant=vision") for kind in ("Namespace", "ResourceQuota", "Role")
    ]
