"""`tenantry open`."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenantry.cli.open import LOCAL
from tenantry.hosts import SERVICES
from tests.unit.api_server_double import Server, server
from tests.unit.cli.calling import Call
from tests.unit.kubectl_double import kubectl
from tests.unit.sign_on.test_sign_on_spec import BLOCK

__all__ = ["server"]

KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: tenantry-sandbox
clusters: [{{name: it, cluster: {{server: "{address}"}}}}]
users: [{{name: me, user: {{token: x}}}}]
contexts: [{{name: tenantry-sandbox, context: {{cluster: it, user: me}}}}]
"""
UI = "GET /api/v1/namespaces/vision/services/ml-pipeline-ui"
KINDS = {"resources": [{"name": "services", "kind": "Service", "namespaced": True, "verbs": ["get"]}]}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser was shown."""
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open", shown.append)
    return shown


@pytest.fixture
def sign_on(project: Path) -> Path:
    """The project's environment, with single sign-on."""
    file = project / "infra/environments/sandbox.yaml"
    file.write_text(f"{file.read_text()}\n{BLOCK}")
    return project


@pytest.fixture
def cluster(project: Path, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The project's sandbox is this API server, which has the team's Pipelines; and kubectl is a stand-in."""
    folder = project / ".tenantry/sandbox"
    folder.mkdir(parents=True)
    (folder / "kubeconfig").write_text(KUBECONFIG.format(address=server.address))
    server.answer("GET /api/v1", (200, KINDS))
    server.answer(UI, (200, {"kind": "Service"}))
    monkeypatch.setenv("PATH", str(kubectl(tmp_path / "bin").parent))
    return server


@pytest.fixture
def port() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    yield str(number)
    with socket.create_server(("127.0.0.1", number)):
        """Whatever a test did, nobody listens there any more."""


def tenant_file(project: Path, old: str, new: str) -> None:
    file = project / "tenants/vision/tenant.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def test_with_sign_on_it_is_the_services_own_host(call: Call, sign_on: Path, opened: list[str]) -> None:
    """And no cluster is asked: none is there."""
    for service in SERVICES:
        said = call("open", service, "vision")
        assert (said.code, said.out, said.err) == (0, f"https://{service}.vision.ml.sandbox.test/\n", "")
    assert opened == []


def test_a_program_gets_the_whole_story(call: Call, sign_on: Path) -> None:
    assert call("open", "pipelines", "vision", "--output", "json").json == {
        "service": "pipelines",
        "tenant": "vision",
        "environment": "sandbox",
        "url": "https://pipelines.vision.ml.sandbox.test/",
        "by": "sign-on",
    }


def test_the_browser_opens_on_a_terminal_alone(
    call: Call, sign_on: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout.__class__, "isatty", lambda _: True)
    for quiet in (["--print"], ["--output", "json"]):
        assert call("open", "pipelines", "vision", *quiet).code == 0
        assert opened == []
    assert call("open", "pipelines", "vision").code == 0
    assert opened == ["https://pipelines.vision.ml.sandbox.test/"]


def test_a_service_that_the_team_does_not_want(call: Call, sign_on: Path) -> None:
    tenant_file(sign_on, "registry: {}", "registry: false")
    said = call("open", "registry", "vision")
    assert (said.code, said.out) == (1, "")
    assert "tenants/vision/tenant.yaml:" in said.err
    assert "registry: is false, so vision has no registry in sandbox. Write its settings" in said.err


def test_a_team_that_leaves_has_no_door(call: Call, sign_on: Path) -> None:
    tenant_file(sign_on, "lifecycle: active", "lifecycle: offboarding")
    said = call("open", "registry", "vision")
    assert (said.code, said.out) == (1, "")
    assert "lifecycle: is offboarding, so nobody is let in any more." in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pipelines", "visoin"), 'no tenant "visoin". Did you mean "vision"?'),
        (("pipelnes", "vision"), "is not one of 'pipelines', 'registry'"),
        (("pipelines", "vision", "--env", "prd"), 'no environment "prd"'),
        (("pipelines", "vision", "--port", "70000"), "less than or equal to 65535"),
    ],
)
def test_what_there_is_not(call: Call, project: Path, arguments: tuple[str, ...], words: str) -> None:
    said = call("open", *arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err


def test_what_was_never_brought_up(call: Call, cluster: Server, port: str) -> None:
    cluster.answer(UI, (404, {"reason": "NotFound"}))
    said = call("open", "pipelines", "vision", "--port", port)
    assert (said.code, said.out) == (3, "")
    assert "vision has no pipelines in sandbox yet. Bring it up: tenantry up vision --env sandbox." in said.err


def test_a_host_is_no_reason_not_to_forward(
    call: Call, sign_on: Path, cluster: Server, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LOCAL, "pipelines", int(port))
    cluster.answer(UI, (404, {"reason": "NotFound"}))
    assert call("open", "pipelines", "vision").out.startswith("https://")
    assert "vision has no pipelines in sandbox yet." in call("open", "pipelines", "vision", "--forward").err


def test_a_cluster_that_refuses_is_not_taken_for_an_empty_one(call: Call, cluster: Server, port: str) -> None:
    cluster.answer(UI, (403, {"reason": "Forbidden", "message": "services is forbidden"}))
    said = call("open", "pipelines", "vision", "--port", port)
    assert (said.code, said.err) == (3, "Error: services is forbidden\n")


def test_a_port_that_is_taken(call: Call, cluster: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        said = call("open", "pipelines", "vision", "--port", str(number))
    assert (said.code, said.out) == (2, "")
    assert f"port {number} of this machine is taken. Name another one: --port" in said.err


def test_no_sandbox(call: Call, project: Path, tmp_path: Path, port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(kubectl(tmp_path / "bin").parent))
    said = call("open", "pipelines", "vision", "--port", port)
    assert said.code == 3
    assert "Start the sandbox with `tenantry sandbox up`" in said.err


def test_kubectls_refusal_leaves_with_3(call: Call, cluster: Server, port: str, tmp_path: Path) -> None:
    kubectl(tmp_path / "bin", fails="error: unable to forward port because pod is not running")
    said = call("open", "pipelines", "vision", "--port", port)
    assert (said.code, said.out) == (3, "")
    assert "did not open: error: unable to forward port because pod is not running." in said.err


@pytest.mark.parametrize("forced", [False, True], ids=["without sign-on", "with sign-on"])
def test_a_port_leads_there_until_ctrl_c(
    project: Path, cluster: Server, port: str, request: pytest.FixtureRequest, *, forced: bool
) -> None:
    """The whole program, as a shell runs it, with the stand-in as the data path."""
    if forced:
        request.getfixturevalue("sign_on")
    command = [sys.executable, "-m", "tenantry", "open", "pipelines", "vision", "--port", port, "--forward", "--print"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with urllib.request.urlopen(url, timeout=10) as answer:
            told = json.load(answer)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert url == f"http://127.0.0.1:{port}/"
    assert told[0] == f"--kubeconfig={project}/.tenantry/sandbox/kubeconfig"
    assert told[-2:] == ["service/ml-pipeline-ui", f"{port}:80"]
    assert process.returncode == 0
    assert err == f"Ctrl-C ends it.\nhttp://127.0.0.1:{port}/ is closed.\n"


def test_every_service_has_a_port_of_its_own() -> None:
    assert tuple(LOCAL) == SERVICES
    assert len(set(LOCAL.values())) == len(LOCAL)
