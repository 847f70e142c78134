"""The real engine with both stand-ins: plain `pulumi` does what it does with the official plugins."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from tenantry.kube import Json, Kube
from tenantry.sandbox import plugins
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.toolchain import ensure
from tests.sandbox.project import STACK, Project

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
LIMITS = "kubernetes:core/v1:LimitRange"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


@pytest.fixture(scope="session")
def stand_ins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plugins.install(tmp_path_factory.mktemp("plugins"))


@pytest.fixture(scope="session")
def engine() -> Path:
    return ensure(["pulumi"])["pulumi"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox, engine: Path, stand_ins: Path) -> Path:
    return Project(tmp_path_factory.mktemp("template") / "project", sandbox.kubeconfig, engine, stand_ins).root


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox, engine: Path, stand_ins: Path, template: Path) -> Project:
    return Project(tmp_path / "project", sandbox.kubeconfig, engine, stand_ins, template)


def limits(namespace: str, cpu: str = "1000m", **metadata: Any) -> tuple[str, Json]:
    spec = {"limits": [{"type": "Container", "default": {"cpu": cpu}}]}
    return LIMITS, {"metadata": {"name": "a", "namespace": namespace} | metadata, "spec": spec}


def config_map(namespace: str, name: str = "a", **data: str) -> tuple[str, Json]:
    return CONFIG_MAP, {"metadata": {"name": name, "namespace": namespace}, "data": data or {"k": "v"}}


def test_the_life_of_a_stack(project: Project, kube: Kube, namespace: str) -> None:
    """Preview, up, nothing to do, edit, rename, drift, destroy."""
    project.objects({"limits": limits(namespace), "config": config_map(namespace)})
    assert {name: step["op"] for name, step in project.preview().items() if "tests" not in name} == {
        "limits": "create",
        "config": "create",
    }
    assert kube.get("v1", "LimitRange", "a", namespace) is None
    project.up()
    assert "3 unchanged" in project.up()

    project.objects({"limits": limits(namespace, "500m"), "config": config_map(namespace, "b")})
    steps = project.preview()
    assert steps["limits"]["op"] == "update"
    assert list(steps["limits"]["detailedDiff"]) == ["spec.limits[0].default.cpu"]
    assert steps["config"]["replaceReasons"] == ["metadata.name"]
    project.up()
    assert kube.get("v1", "ConfigMap", "a", namespace) is None
    assert kube.get("v1", "ConfigMap", "b", namespace)

    kube.delete("v1", "ConfigMap", "b", namespace, propagation="Background")
    project.run("refresh", "--yes")
    assert "config" not in project.state()
    project.up()
    assert kube.get("v1", "ConfigMap", "b", namespace)
    project.run("destroy", "--yes")
    assert kube.get("v1", "LimitRange", "a", namespace) is None


def writes(kube: Kube, resource: str) -> float:
    """Requests to write objects of a kind that the server took as more than a rehearsal, since it started."""
    metrics = kube.raw("GET", "/metrics")["message"]
    lines = (line for line in metrics.splitlines() if line.startswith("apiserver_request_total{"))
    ours = (line for line in lines if f'resource="{resource}"' in line and 'dry_run=""' in line)
    return sum(float(line.rpartition(" ")[2]) for line in ours if re.search('verb="(POST|APPLY|PUT|PATCH)"', line))


def test_a_preview_sends_no_write(project: Project, kube: Kube, namespace: str) -> None:
    project.objects({"limits": limits(namespace)})
    before = writes(kube, "limitranges")
    project.preview()
    assert writes(kube, "limitranges") == before
    project.up()
    assert writes(kube, "limitranges") == before + 1
    project.objects({"limits": limits(namespace, "500m")})
    project.preview()
    assert writes(kube, "limitranges") == before + 1


def test_a_misspelt_field_fails_the_preview_and_changes_nothing(project: Project, kube: Kube, namespace: str) -> None:
    token, inputs = limits(namespace)
    project.objects({"good": config_map(namespace), "bad": (token, inputs | {"specc": {}})})

    assert 'unknown field "specc"' in project.run("preview", succeeds=False)
    assert kube.get("v1", "ConfigMap", "a", namespace) is None


def test_a_kill_before_the_checkpoint_loses_and_doubles_nothing(project: Project, kube: Kube, namespace: str) -> None:
    project.objects({"limits": limits(namespace)})
    before = project.checkpoint.read_text()
    project.up()
    uid = project.state()["limits"]["outputs"]["metadata"]["uid"]
    # The state of before the up is what a kill between the server's answer and the checkpoint leaves.
    project.checkpoint.write_text(before)
    assert "limits" not in project.state()

    assert project.preview()["limits"]["op"] == "create"
    project.up()

    assert project.state()["limits"]["outputs"]["metadata"]["uid"] == uid
    assert "2 unchanged" in project.up()


def test_somebody_elses_object_is_refused_until_it_is_imported(project: Project, kube: Kube, namespace: str) -> None:
    token, inputs = config_map(namespace)
    kube.apply({"apiVersion": "v1", "kind": "ConfigMap"} | inputs, "somebody")
    project.objects({"config": (token, inputs)})

    refusal = project.run("preview", succeeds=False)
    assert "is there already, and this resource did not make it" in refusal
    [command] = re.findall(r"pulumi (import .*? -s \S+[a-z])", refusal)[:1]
    project.run(*command.split(), "--yes", "--generate-code=false", "--protect=false")

    assert project.state()["config"]["inputs"]["data"] == {"k": "v"}
    assert "2 unchanged" in project.up()


def test_an_unreachable_server_keeps_the_state(project: Project, namespace: str) -> None:
    project.objects({"config": config_map(namespace)})
    project.up()
    text = re.sub(r"https://[^\s\"]+", "https://127.0.0.1:1", project.kubeconfig.read_text())
    (project.root / "unreachable").write_text(text)
    project.variables["KUBECONFIG"] = str(project.root / "unreachable")

    for command in ("up", "refresh", "destroy"):
        assert "does not answer" in project.run(command, "--yes", "--skip-preview", succeeds=False)
    assert project.state()["config"]["outputs"]["data"] == {"k": "v"}


def test_an_interrupt_ends_a_wait_and_keeps_what_was_made(project: Project, kube: Kube, namespace: str) -> None:
    labels = {"app": "a"}
    container = {"name": "c", "image": "example.invalid/none", "resources": {"requests": {"cpu": "10000"}}}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    project.objects({"deployment": (DEPLOYMENT, {"metadata": {"name": "a", "namespace": namespace}, "spec": spec})})

    with project.start("up", "--yes", "--skip-preview") as engine:
        assert engine.stdout
        lines = iter(engine.stdout.readline, "")
        assert any("0 of 1 replicas are available" in line for line in lines)
        os.kill(engine.pid, signal.SIGINT)
        rest = engine.stdout.read()
    assert engine.returncode != 0
    assert "the run was cancelled" in rest
    kept = project.state()["deployment"]
    assert kept["id"] == f"{namespace}/a"
    assert "the run was cancelled" in kept["initErrors"][0]
    assert "pending_operations" not in project.checkpoint.read_text()
    # The stack is free again, and knows that it has something to mend.
    assert project.preview()["deployment"]["op"] == "update"


def test_secrets_are_encrypted_wherever_the_state_has_them(project: Project, namespace: str) -> None:
    project.program(
        "import pulumi, pulumi_kubernetes as k8s\n"
        'secret = pulumi.Config().require_secret("word")\n'
        f'k8s.core.v1.Secret("s", metadata={{"name": "s", "namespace": "{namespace}"}}, string_data={{"a": secret}})\n'
        f'made = k8s.core.v1.ConfigMap("c", metadata={{"namespace": "{namespace}"}}, data={{"a": secret}})\n'
        'pulumi.export("name", made.metadata.name)\n'
    )
    project.run("config", "set", "--secret", "word", "hush-hush")
    project.up()

    stored = "".join(path.read_text() for path in (project.root / "state").rglob("*.json"))
    assert "hush-hush" not in stored
    assert "aHVzaC1odXNo" not in stored, "base64 of it"
    assert re.fullmatch(r"c-[0-9a-f]{8}", project.outputs()["name"])
    assert "3 unchanged" in project.up()


def test_the_program_is_told_all_that_the_official_host_tells(project: Project) -> None:
    project.program(
        "import atexit, os, pulumi\n"
        'atexit.register(lambda: print("said at the end"))\n'
        'pulumi.export("told", {"root": pulumi.get_root_directory(), "stack": pulumi.get_stack(),\n'
        '    "project": pulumi.get_project(), "organization": pulumi.get_organization(), "folder": os.getcwd(),\n'
        '    "preview": pulumi.runtime.is_dry_run(), "value": pulumi.Config().require("key")})\n'
        'print("said by the program")\n'
    )
    project.run("config", "set", "key", "value")

    output = project.up()
    assert "said by the program" in output
    assert "said at the end" in output
    assert project.outputs()["told"] == {
        "root": str(project.root),
        "stack": STACK,
        "project": "tests",
        "organization": "organization",
        "folder": str(project.root / "infra"),
        "preview": False,
        "value": "value",
    }


UNHANDLED = "def fail(): raise KeyError('gone')\nfail()\n"
PLAIN = "import pulumi\nraise pulumi.RunError('tenants/a.yaml:1:1: no.')\n"


@pytest.mark.parametrize(
    ("program", "says", "hides"),
    [
        (UNHANDLED, ['infra/__main__.py", line 1, in fail', "KeyError: 'gone'"], "runner.py"),
        (PLAIN, ["error: tenants/a.yaml:1:1: no."], "Traceback"),
        ("import sys\nsys.exit(7)\n", ["program exited with non-zero exit code: 7"], "Traceback"),
        ("import nowhere\n", ["No module named 'nowhere'"], "runner.py"),
    ],
    ids=["an exception", "a plain error", "an exit code", "a missing module"],
)
def test_a_programs_error_is_shown_as_the_persons_own(
    project: Project, program: str, says: list[str], hides: str
) -> None:
    project.program(program)

    output = project.run("preview", succeeds=False)

    assert all(words in output for words in says), output
    assert hides not in output


def test_a_missing_environment_is_said_with_the_way_out(project: Project) -> None:
    settings = project.root / "Pulumi.yaml"
    settings.write_text(re.sub("virtualenv: .*", "virtualenv: nowhere", settings.read_text()))

    output = project.run("preview", succeeds=False)
    assert f"{project.root}/nowhere: the project's Python environment is not there. Make it:" in output
