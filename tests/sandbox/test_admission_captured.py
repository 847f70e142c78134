"""The pods that Pipelines and Seldon really make are admitted, by Pod Security `restricted` and by every rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tenantry.kube import Kube
from tests.sandbox import captured
from tests.sandbox.engine_world import World
from tests.sandbox.waiting import until

MANAGER = "tests"


@pytest.fixture(scope="module")
def accounts(world: World, kube: Kube) -> Iterator[None]:
    """The service accounts that the pods name."""
    names = ("pipeline-runner", "serving")
    for name in names:
        metadata = {"name": name, "namespace": "vision"}
        kube.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}, MANAGER)
    yield
    for name in names:
        kube.delete("v1", "ServiceAccount", name, "vision")


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize("name", ["pod-driver.yaml", "pod-executor-gpu.yaml"])
def test_what_pipelines_run_is_admitted(kube: Kube, name: str) -> None:
    """Made by Argo's controller in the team's namespace; rules about pods ask nobody who they are."""
    made = captured.pod(name)
    # The capture's own setting: no node here has such a taint, and a rule refuses it.
    made["spec"]["tolerations"] = [one for one in made["spec"]["tolerations"] if one["key"] != "tenantry.dev/pool"]
    kube.create(made, MANAGER, dry_run=True)


@pytest.mark.usefixtures("accounts")
def test_what_seldon_runs_is_completed_admitted_and_runs(kube: Kube) -> None:
    servers = captured.deployments("seldon-operator-output.yaml")
    names = [item["metadata"]["name"] for item in servers]
    assert names == ["defect-detector-candidate-0-model", "defect-detector-stable-0-model"]
    try:
        for item in servers:
            kube.create(item, MANAGER)
        assert until(lambda: all(available(kube, name) for name in names)), [
            kube.get("apps/v1", "Deployment", name, "vision") for name in names
        ]
    finally:
        for name in names:
            kube.delete("apps/v1", "Deployment", name, "vision")


def available(kube: Kube, name: str) -> bool:
    """Whether a pod of the deployment runs."""
    found = kube.get("apps/v1", "Deployment", name, "vision") or {}
    return bool(found.get("status", {}).get("availableReplicas"))
