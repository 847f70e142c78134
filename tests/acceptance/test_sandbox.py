"""The sandbox as an administrator of the machine sees it: processes, sockets, files, and what kubectl answers."""

from __future__ import annotations

import json
import os
import shlex
from typing import Any

import psutil
import pytest
from testinfra.host import Host

from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.parts import KWOK, PARTS
from tenantry.sandbox.status import PartStatus

OPEN_FLAGS = ("--insecure-port", "--insecure-bind-address", "--token-auth-file", "--authorization-mode=AlwaysAllow")


def part(box: Sandbox, name: str) -> PartStatus:
    return next(one for one in box.status().parts if one.name == name)


def kubectl(host: Host, box: Sandbox, arguments: str) -> Any:
    """What kubectl prints, with the environment that `tenantry sandbox env` gives."""
    variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in box.env().items())
    return json.loads(host.check_output(f"env {variables} kubectl {arguments} -o json"))


@pytest.mark.parametrize("name", PARTS)
def test_each_part_is_one_process_of_ours_that_outlives_its_starter(name: str, host: Host, box: Sandbox) -> None:
    [process] = host.process.filter(pid=part(box, name).pid)
    assert str(box.folder) in process.args
    assert int(process.euid) == os.getuid()
    assert int(process.sid) == process.pid
    assert process.tty == "?"


@pytest.mark.parametrize("name", [name for name in PARTS if name != KWOK])
def test_each_serving_part_listens_on_loopback_alone(name: str, host: Host, box: Sandbox) -> None:
    port = part(box, name).port
    assert host.socket(f"tcp://127.0.0.1:{port}").is_listening
    assert not host.socket(f"tcp://0.0.0.0:{port}").is_listening


@pytest.mark.parametrize("name", PARTS)
def test_no_part_has_another_socket(name: str, box: Sandbox) -> None:
    """All that a process listens on, not only what we know of."""
    process = psutil.Process(part(box, name).pid)
    listening = {one.laddr for one in process.net_connections() if one.status == psutil.CONN_LISTEN}
    assert {address for address, _ in listening} == (set() if name == KWOK else {"127.0.0.1"})
    assert len(listening) == {KWOK: 0, "etcd": 2}.get(name, 1)


def test_no_part_has_an_insecure_flag(host: Host, box: Sandbox) -> None:
    commands = {name: host.process.get(pid=part(box, name).pid).args for name in PARTS}
    assert {name for name, command in commands.items() if any(flag in command for flag in OPEN_FLAGS)} == set()
    assert "--anonymous-auth=false" in commands["kube-apiserver"]
    assert "--authorization-mode=Node,RBAC" in commands["kube-apiserver"]
    assert "--client-cert-auth=true" in commands["etcd"]
    assert "--peer-client-cert-auth=true" in commands["etcd"]


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        (".", 0o700),
        ("kubeconfig", 0o600),
        ("state.json", 0o600),
        ("credentials", 0o700),
        ("credentials/cluster-ca.key", 0o600),
        ("credentials/etcd-ca.key", 0o600),
        ("credentials/service-account.key", 0o600),
        ("etcd", 0o700),
        ("logs/kube-apiserver.log", 0o600),
    ],
)
def test_files_are_their_owner_s_alone(path: str, mode: int, host: Host, box: Sandbox) -> None:
    file = host.file(str(box.folder / path))
    assert file.exists
    assert (oct(file.mode), file.uid) == (oct(mode), os.getuid())


def test_kubectl_of_the_sandbox_s_environment_fits_the_server(host: Host, box: Sandbox) -> None:
    version = kubectl(host, box, "version")
    client, server = (version[side]["gitVersion"].split(".") for side in ("clientVersion", "serverVersion"))
    assert server[:2] == ["v1", "36"]
    assert client[0] == "v1"
    assert abs(int(client[1]) - int(server[1])) <= 1


def test_kubectl_sees_ready_nodes(host: Host, box: Sandbox) -> None:
    ready = {
        node["metadata"]["name"]
        for node in kubectl(host, box, "get nodes")["items"]
        for condition in node["status"]["conditions"]
        if (condition["type"], condition["status"]) == ("Ready", "True")
    }
    assert ready == {"general-0", "general-1", "general-2", "a10g-0", "a10g-1", "h100-0"}


def test_kubectl_of_an_issued_user_may_nothing(host: Host, box: Sandbox) -> None:
    kubeconfig = shlex.quote(str(box.issue("ada@example.com", ("ml-vision",))))
    kubectl_path = shlex.quote(f"{box.env()['PATH'].split(os.pathsep)[0]}/kubectl")
    command = f"{kubectl_path} --kubeconfig {kubeconfig} auth can-i"
    assert host.run(f"{command} create selfsubjectreviews.authentication.k8s.io").stdout.strip() == "yes"
    assert host.run(f"{command} list secrets --all-namespaces").stdout.strip() == "no"
