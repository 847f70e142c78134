"""The network's check, as far as it can be seen without nodes that run pods: its commands, and how it judges."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from tenantry.kube import Kube
from tenantry.verify import network
from tenantry.verify.check import BrokenError
from tenantry.verify.network import METADATA, PORT, Reach, enforced, judge, network_pod, started
from tenantry.verify.probe import Facts
from tenantry.verify.work import LABEL, Scene

FACTS = Facts("vision", "vision", "registry/image:v1", "h", "standard")
NEIGHBOUR, API = "10.244.0.7", "10.96.0.1"
ALL = {(NEIGHBOUR, PORT), (API, 443), (METADATA, 80)}


@dataclass
class Inside:
    """A pod that reaches some addresses."""

    reached: set[tuple[str, int]]
    asked: list[tuple[str, int]] = field(default_factory=list)
    name: str = ""

    def addr(self, name: str) -> Inside:
        self.name = name
        return self

    def port(self, port: int) -> Any:
        self.asked.append((self.name, port))
        return type("Port", (), {"is_reachable": (self.name, port) in self.reached})


def test_only_the_neighbour_is_reached_where_policies_are_enforced() -> None:
    inside = Inside({(NEIGHBOUR, PORT)})
    judge(cast("Any", inside), NEIGHBOUR, API)
    assert set(inside.asked) == ALL


@pytest.mark.parametrize(
    ("reached", "words"),
    [
        (ALL, "reaches the API server and the metadata service"),
        ({(NEIGHBOUR, PORT), (API, 443)}, "A pod reaches the API server: the network plugin does not enforce"),
        ({(NEIGHBOUR, PORT), (METADATA, 80)}, "A pod reaches the metadata service"),
        (set(), "does not reach its neighbour 10.244.0.7:8080, so nothing else is known"),
        ({(API, 443)}, "does not reach its neighbour"),
    ],
)
def test_everything_else_is_said(reached: set[tuple[str, int]], words: str) -> None:
    with pytest.raises(BrokenError, match=words):
        judge(cast("Any", Inside(reached)), NEIGHBOUR, API)


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `kubectl` that writes down its arguments and runs what it is to run in the pod, where `nc` reaches 1.1.1.1."""
    log = tmp_path / "log"
    scripts = {
        "kubectl": f'#!/bin/sh\necho "$@" >> {log}\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n',
        "nc": '#!/bin/sh\ntest "$4" = 1.1.1.1\n',
    }
    for name, text in scripts.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    subprocess.run(["kubectl", "--", "true"], check=True)
    log.unlink()
    return log


def test_commands_run_in_the_pod_through_kubectl_of_the_right_cluster(kubectl: Path) -> None:
    inside = Reach("prod", "/k/config").host("vision", "client")
    assert inside.addr("1.1.1.1").port(80).is_reachable
    assert not inside.addr("2.2.2.2").port(80).is_reachable
    for line in kubectl.read_text().splitlines():
        assert line.startswith("--kubeconfig=/k/config --context=prod -n vision -c main exec client -- /bin/sh -c ")
    assert "nc -w 1 -z 2.2.2.2 80" in kubectl.read_text()


def test_without_a_kubeconfig_kubectl_finds_its_own() -> None:
    assert Reach("a b", None).address("vision", "c") == "kubectl://c?context=a+b&namespace=vision&container=main"


@dataclass
class Cluster:
    """Starts pods at once, or never."""

    starts: bool = True
    made: list[dict[str, Any]] = field(default_factory=list)

    def create(self, obj: dict[str, Any], _: str) -> dict[str, Any]:
        self.made.append(obj)
        return obj

    def list(self, *_: object, labels: str) -> list[dict[str, Any]]:
        assert labels == f"{LABEL}=verify-1"
        status = {"phase": "Running", "podIP": NEIGHBOUR} if self.starts else {"phase": "Pending"}
        return [pod | {"status": status} for pod in self.made]


def scene(cluster: Cluster) -> Scene:
    kube = cast("Kube", cluster)
    return Scene(kube, kube, FACTS, "verify-1")


def test_two_pods_are_started_that_restricted_admits(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster, hosts = Cluster(), []

    def host(_: Reach, *where: str) -> Any:
        hosts.append(where)
        return Inside({(NEIGHBOUR, PORT)})

    monkeypatch.setattr(Reach, "host", host)
    enforced(scene(cluster), Reach("prod", None, "busybox:1"), API)
    assert hosts == [("vision", "verify-1-client")]
    [server, client] = cluster.made
    assert [one["metadata"]["name"] for one in cluster.made] == ["verify-1-server", "verify-1-client"]
    assert server["spec"]["containers"][0]["command"] == ["httpd", "-f", "-p", "8080"]
    assert client["spec"]["containers"][0] == {
        "name": "main",
        "image": "busybox:1",
        "command": ["sleep", "600"],
        "securityContext": {"runAsUser": 65534},
    }


def test_a_pod_that_does_not_start_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "START", 0.0)
    made = network_pod(scene(Cluster()), "busybox:1", "server")
    with pytest.raises(BrokenError, match="did not start in 0 s, so nothing is known"):
        started(scene(Cluster(starts=False)), made)
