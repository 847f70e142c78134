"""A port that leads into a cluster: what kubectl is told, and what becomes of it whatever happens."""

from __future__ import annotations

import json
import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from tenantry.errors import PlatformError
from tenantry.port_forward import Way, find_kubectl, forward, is_free
from tenantry.sandbox import toolchain
from tests.unit.kubectl_double import kubectl


@pytest.fixture
def way() -> Way:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Way(
        namespace="vision",
        service="ml-pipeline-ui",
        port=80,
        local=port,
        context="prod",
        kubeconfig=Path("/some/kubeconfig"),
    )


def fetched(way: Way) -> list[str]:
    with urllib.request.urlopen(way.url, timeout=10) as answer:
        found: list[str] = json.load(answer)
    return found


def test_it_leads_to_the_service_until_it_is_interrupted(way: Way, tmp_path: Path) -> None:
    got: list[list[str]] = []

    def opened() -> None:
        got.append(fetched(way))
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        forward(way, str(kubectl(tmp_path)), opened, lambda _: None)
    [arguments] = got
    assert arguments == [
        "--kubeconfig=/some/kubeconfig",
        "--context=prod",
        "--namespace=vision",
        "port-forward",
        "--address=127.0.0.1",
        "service/ml-pipeline-ui",
        f"{way.local}:80",
    ]
    assert is_free(way.local)


def test_told_to_end_it_leaves_nothing_behind(way: Way, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        forward(way, str(kubectl(tmp_path)), lambda: os.kill(os.getpid(), signal.SIGTERM), lambda _: None)
    assert is_free(way.local)
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_refusal_is_said_in_kubectls_own_words(way: Way, tmp_path: Path) -> None:
    said: list[str] = []
    refusal = 'Error from server (Forbidden): pods "x" is forbidden'
    with pytest.raises(PlatformError, match="ml-pipeline-ui in vision did not open: Error from server") as caught:
        forward(way, str(kubectl(tmp_path, fails=refusal)), lambda: said.append("opened"), said.append)
    assert refusal in str(caught.value)
    assert said == []


def test_a_way_that_breaks_is_no_success(way: Way, tmp_path: Path) -> None:
    said: list[str] = []
    done: list[list[str]] = []
    with pytest.raises(PlatformError, match="broke: error: lost connection to pod"):
        forward(
            way,
            str(kubectl(tmp_path, breaks="error: lost connection to pod")),
            lambda: done.append(fetched(way)),
            said.append,
        )
    assert len(done) == 1
    assert said == ["error: lost connection to pod"]
    assert is_free(way.local)


def test_a_program_that_says_nothing_is_named_by_its_status(way: Way) -> None:
    with pytest.raises(PlatformError, match="did not open: kubectl left with 1"):
        forward(way, "false", lambda: None, lambda _: None)


def test_a_taken_port_is_not_free(way: Way) -> None:
    assert is_free(way.local)
    with socket.create_server(("127.0.0.1", way.local)):
        assert not is_free(way.local)


def test_kubectl_on_the_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = kubectl(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(ours.parent))
    assert find_kubectl() == str(ours)


def test_without_one_on_the_path_it_is_the_sandboxes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(toolchain, "find", lambda name: tmp_path / name)
    assert find_kubectl() == str(tmp_path / "kubectl")
    monkeypatch.setattr(toolchain, "find", lambda _: None)
    with pytest.raises(PlatformError, match="no kubectl on PATH"):
        find_kubectl()
