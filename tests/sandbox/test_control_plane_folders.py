"""Several sandboxes side by side, a changed environment, and what a sandbox leaves behind: nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tenantry.environment import EnvironmentSpec, NodePoolSpec
from tenantry.kube import Json, Kube, KubeError
from tenantry.kubeconfig import load
from tenantry.sandbox.control_plane import Sandbox
from tests.sandbox.running import running
from tests.sandbox.waiting import until


@pytest.fixture(scope="module")
def second(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> Iterator[Sandbox]:
    """A second sandbox beside the shared one, in a folder whose path is long and awkward."""
    with running(tmp_path_factory.mktemp("second") / ("a folder, " + "long" * 30), environment, programs) as box:
        yield box


def pool(**fields: object) -> NodePoolSpec:
    return NodePoolSpec.model_validate(fields)


def ports(box: Sandbox) -> set[int]:
    return {part.port for part in box.status().parts if part.port}


def pids(box: Sandbox) -> set[int]:
    return {part.pid for part in box.status().parts if part.pid}


def mentioning(folder: Path) -> list[str]:
    """Command lines of processes that name the folder."""
    lines = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    return [line for line in lines if str(folder) in line]


def system(box: Sandbox) -> Json:
    found = Kube.from_kubeconfig(box.kubeconfig).get("v1", "Namespace", "kube-system")
    assert found is not None
    return found


def test_one_sandbox_s_administrator_is_nobody_in_the_other(sandbox: Sandbox, second: Sandbox) -> None:
    mine, other = load(sandbox.kubeconfig), load(second.kubeconfig)
    stranger = replace(other, certificate=mine.certificate, key=mine.key)
    with pytest.raises(KubeError) as raised:
        Kube(stranger).raw("GET", "/version")
    assert raised.value.status == 401


def test_changed_pools_change_the_nodes(
    second: Sandbox, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> None:
    pools = dict(environment.node_pools)
    pools["general"] = pools["general"].model_copy(update={"nodes": 1})
    pools["a10g"] = pools["a10g"].model_copy(update={"gpus_per_node": 1})
    pools["l4"] = pool(nodes=1, cpu=8, memory="32Gi", gpu="l4", gpus_per_node=2)
    del pools["h100"]
    kube = Kube.from_kubeconfig(second.kubeconfig)
    kept = kube.get("v1", "Node", "general-0")
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod", "namespace": "default"}}
    kube.create(
        pod | {"spec": {"nodeName": "general-2", "containers": [{"name": "a", "image": "example.com/a"}]}}, "tests"
    )
    Sandbox(second.folder, environment.model_copy(update={"node_pools": pools}), programs).up()
    gpus = {
        node["metadata"]["name"]: node["status"]["allocatable"].get("nvidia.com/gpu")
        for node in kube.list("v1", "Node")
    }
    assert gpus == {"general-0": None, "a10g-0": "1", "a10g-1": "1", "l4-0": "2"}
    assert kept is not None
    same = kube.get("v1", "Node", "general-0")
    assert same is not None
    assert same["metadata"]["uid"] == kept["metadata"]["uid"]
    assert until(lambda: kube.get("v1", "Pod", "pod", "default") is None), "the pod of a removed node stays"


def test_two_sandboxes_share_nothing_and_the_end_of_one_leaves_no_trace(sandbox: Sandbox, second: Sandbox) -> None:
    assert not ports(sandbox) & ports(second)
    assert not pids(sandbox) & pids(second)
    assert system(sandbox)["metadata"]["uid"] != system(second)["metadata"]["uid"]
    gone, mine = pids(second), pids(sandbox)
    assert len(mentioning(second.folder)) == 5
    second.down(purge=True)
    assert not any(psutil.pid_exists(pid) for pid in gone)
    assert mentioning(second.folder) == []
    assert not second.folder.exists()
    assert pids(sandbox) == mine
    assert sandbox.status().healthy


def test_down_leaves_what_is_not_ours(
    tmp_path: Path, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> None:
    """A folder named by mistake loses nothing."""
    (tmp_path / "thesis.txt").write_text("years of work")
    Sandbox(tmp_path, environment, programs).down(purge=True)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_down_of_a_sandbox_that_never_was_is_no_error(
    tmp_path: Path, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> None:
    box = Sandbox(tmp_path / "never", environment, programs)
    assert not box.status().running
    box.down(purge=True)
    assert not box.folder.exists()


def test_purging_a_killed_start_s_folder_leaves_no_file(
    tmp_path: Path, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> None:
    folder = tmp_path / "sandbox"
    (folder / "logs").mkdir(parents=True)
    for name in (".state.json.draft", ".kubeconfig.draft", "logs/etcd.log"):
        (folder / name).write_text("half")
    Sandbox(folder, environment, programs).down(purge=True)
    assert not folder.exists()
