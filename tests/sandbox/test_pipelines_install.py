"""A team's Pipelines becomes available under every rule, and runs are admitted as it makes them, within the quota."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from components import metadata
from components.pipelines_cluster import DEFINITIONS, PipelinesCluster, PipelinesClusterArgs
from tenantry.catalog import load_environment
from tenantry.kube import Json, KubeError
from tenantry.pipelines import words
from tenantry.render.program import Program
from tests.sandbox import captured
from tests.sandbox.pipelines_install import MANAGER, ROOT, Install, install, plain
from tests.sandbox.waiting import until

__all__ = ["install", "plain"]
ADDED_BY_ARGO = ("init", "wait")


def available(team: Install) -> dict[str, bool]:
    deployments = team.admin.list("apps/v1", "Deployment", team.namespace)
    return {item["metadata"]["name"]: item.get("status", {}).get("availableReplicas") == 1 for item in deployments}


def complaints(team: Install) -> list[str]:
    conditions = [
        condition.get("message", "")
        for item in team.admin.list("apps/v1", "Deployment", team.namespace)
        for condition in item.get("status", {}).get("conditions", [])
        if condition["status"] == "False" or condition["type"] == "ReplicaFailure"
    ]
    pods = team.admin.list("v1", "Pod", team.namespace)
    pending = [str(pod["status"].get("conditions")) for pod in pods if pod["status"].get("phase") == "Pending"]
    return [*conditions, *pending]


def test_every_part_becomes_available(install: Install) -> None:
    until(lambda: all(available(install).values()))
    assert available(install) == dict.fromkeys(
        (
            "metadata-envoy-deployment",
            "metadata-grpc-deployment",
            "ml-pipeline",
            "ml-pipeline-persistenceagent",
            "ml-pipeline-scheduledworkflow",
            "ml-pipeline-ui",
            "mlflow",
            "mlflow-database",
            "mysql",
            "seaweedfs",
            "seldon-controller-manager",
            "workflow-controller",
        ),
        True,
    ), complaints(install)


def test_applied_again_nothing_changes(install: Install) -> None:
    """What the API server fills in is in nobody's way."""
    changed = []
    for obj in install.objects:
        name, namespace = obj["metadata"]["name"], obj["metadata"].get("namespace")
        before = install.admin.get(obj["apiVersion"], obj["kind"], name, namespace)
        after = install.admin.apply(obj, MANAGER, dry_run=True)
        if before is None or before.get("spec") != after.get("spec") or before.get("data") != after.get("data"):
            changed.append((obj["kind"], name))
    assert changed == []


def test_no_generated_value_can_be_changed(install: Install) -> None:
    secret = copy.deepcopy(install.one("Secret", words.DATABASE_SECRET))
    secret["data"]["password"] = "b3RoZXI="
    with pytest.raises(KubeError, match="immutable"):
        install.admin.apply(secret, MANAGER, force=True, dry_run=True)


@pytest.fixture(scope="module")
def workflow(install: Install) -> Iterator[Json]:
    """The Workflow that the API server of Pipelines made of a pipeline, with this install's own patch in it."""
    [made] = captured.documents("pipelines-workflow.yaml")
    api = install.one("Deployment", words.API)["spec"]["template"]["spec"]["containers"][0]
    [patch] = [one["value"] for one in api["env"] if one["name"] == "COMPILED_PIPELINE_SPEC_PATCH"]
    merged = yaml.safe_load(patch)
    made["spec"].pop("tolerations")
    made["spec"]["podMetadata"]["labels"] |= merged["podMetadata"]["labels"]
    made["metadata"] |= {"namespace": install.namespace}
    yield install.acting_as(words.API).create(made, MANAGER)
    install.admin.delete("argoproj.io/v1alpha1", "Workflow", made["metadata"]["name"], install.namespace)


def executor(team: Install) -> dict[str, Any]:
    """What Argo's controller is told about the containers that it adds."""
    told: dict[str, Any] = yaml.safe_load(team.one("ConfigMap", words.WORKFLOW_CONFIG)["data"]["executor"])
    return told


def step(team: Install, workflow: Json, name: str, told: dict[str, Any] | None = None) -> Json:
    """A captured pod, as Argo makes it when it is told what this install says (or `told`)."""
    pod = team.here(captured.pod(name), workflow)
    pod["spec"]["tolerations"] = [one for one in pod["spec"]["tolerations"] if one["key"] != "tenantry.dev/pool"]
    told = executor(team) if told is None else told
    for container in (*pod["spec"]["containers"], *pod["spec"]["initContainers"]):
        if container["name"] in ADDED_BY_ARGO:
            for field in ("securityContext", "resources"):
                container.pop(field)
            container.update((field, told[field]) for field in ("securityContext", "resources") if field in told)
    return pod


@pytest.mark.parametrize(("name", "pool"), [("pod-driver.yaml", ""), ("pod-executor-gpu.yaml", "a10g-")])
def test_steps_are_admitted_and_run_where_they_belong(install: Install, workflow: Json, name: str, pool: str) -> None:
    made = install.acting_as(words.ARGO).create(step(install, workflow, name), MANAGER)
    where = (made["metadata"]["name"], install.namespace)
    running = until(lambda: (install.admin.get("v1", "Pod", *where) or {})["status"].get("phase") == "Running")
    pod = install.admin.get("v1", "Pod", *where) or {}
    install.admin.delete("v1", "Pod", *where)
    assert running, pod["status"]
    assert pod["spec"]["nodeName"].startswith(pool)
    assert pod["spec"]["serviceAccountName"] == words.RUNNER
    for container in (*pod["spec"]["containers"], *pod["spec"]["initContainers"]):
        assert container["resources"]["requests"].keys() >= {"cpu", "memory"}, container["name"]
        assert container["resources"]["limits"].keys() >= {"cpu", "memory"}, container["name"]


def refused(team: Install, pod: Json) -> str:
    with pytest.raises(KubeError) as caught:
        team.acting_as(words.ARGO).create(pod, MANAGER, dry_run=True)
    return caught.value.message


def test_without_the_executors_security_context_every_run_is_refused(install: Install, workflow: Json) -> None:
    told = {key: value for key, value in executor(install).items() if key != "securityContext"}
    message = refused(install, step(install, workflow, "pod-driver.yaml", told))
    assert 'violates PodSecurity "restricted' in message
    assert 'containers "init", "wait"' in message


def test_without_the_executors_resources_the_defaults_of_the_namespace_do(install: Install, workflow: Json) -> None:
    told = {key: value for key, value in executor(install).items() if key != "resources"}
    pod = step(install, workflow, "pod-driver.yaml", told)
    install.acting_as(words.ARGO).create(pod, MANAGER, dry_run=True)
    limits = install.one("LimitRange", "defaults")
    install.admin.delete("v1", "LimitRange", "defaults", install.namespace)
    try:
        says = until(lambda: _answer(install, pod))
        assert "must specify" in says
        assert "init,wait" in says or ("init" in says and "wait" in says)
    finally:
        install.admin.apply(limits, MANAGER, force=True)


def _answer(team: Install, pod: Json) -> str:
    try:
        team.acting_as(words.ARGO).create(pod, MANAGER, dry_run=True)
    except KubeError as error:
        return error.message
    return ""


def test_one_over_the_quota_is_refused_in_words(install: Install, workflow: Json) -> None:
    pod = step(install, workflow, "pod-executor-gpu.yaml")
    [main] = [one for one in pod["spec"]["containers"] if one["name"] == "main"]
    for kind in ("limits", "requests"):
        main["resources"][kind]["nvidia.com/gpu"] = "13"
    assert "exceeded quota: tenant, requested: requests.nvidia.com/gpu=13" in refused(install, pod)


def test_a_step_may_do_what_a_run_needs_and_no_more(install: Install) -> None:
    runner = install.acting_as(words.RUNNER)
    result = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "WorkflowTaskResult",
        "metadata": {"name": "of-a-step", "namespace": install.namespace},
        "phase": "Succeeded",
    }
    runner.create(result, MANAGER, dry_run=True)
    assert runner.get("v1", "ConfigMap", words.LAUNCHER_CONFIG, install.namespace)
    assert runner.get("v1", "Secret", words.STORE_SECRET, install.namespace)
    for kind, name in (("Secret", words.DATABASE_SECRET), ("ConfigMap", words.WORKFLOW_CONFIG)):
        with pytest.raises(KubeError, match="forbidden"):
            runner.get("v1", kind, name, install.namespace)
    with pytest.raises(KubeError, match="forbidden"):
        runner.list("v1", "Pod", install.namespace)
    with pytest.raises(KubeError, match="forbidden"):
        runner.create(captured.pod("pod-driver.yaml") | {"metadata": result["metadata"]}, MANAGER, dry_run=True)


def test_argo_may_do_its_work(install: Install) -> None:
    argo = install.acting_as(words.ARGO)
    for plural in ("Workflow", "WorkflowTaskSet", "WorkflowTemplate", "CronWorkflow", "WorkflowTaskResult"):
        argo.list("argoproj.io/v1alpha1", plural, install.namespace)
    lease = {"name": "workflow-controller", "namespace": install.namespace}
    argo.create({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": lease}, MANAGER, dry_run=True)
    with pytest.raises(KubeError, match="forbidden"):
        argo.list("v1", "Secret", install.namespace)


def test_the_api_server_takes_the_definitions_of_the_kinds(install: Install) -> None:
    with Program(ROOT) as program:
        marks = metadata.of_platform(load_environment(ROOT, "sandbox"))
        declared = program.run(lambda: cluster(marks), "platform.sandbox", {}).objects()
    for definition in declared:
        install.admin.apply(definition, MANAGER, force=True, dry_run=True)
    assert len(declared) == len(DEFINITIONS)


def cluster(marks: metadata.Marks) -> None:
    PipelinesCluster("platform-pipelines", PipelinesClusterArgs(marks=marks))
