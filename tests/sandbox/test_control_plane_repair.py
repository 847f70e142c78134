"""What happens to a sandbox that is killed, cut off, damaged or crowded: `up` brings it back, data intact."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from tenantry.environment import EnvironmentSpec
from tenantry.errors import PlatformError
from tenantry.kube import Kube
from tenantry.sandbox import ports, processes
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.parts import PARTS
from tenantry.sandbox.progress import Step
from tests.sandbox.running import running
from tests.sandbox.waiting import PATIENCE

Json = dict[str, Any]
CHOOSE = ports.choose
KEPT = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kept", "namespace": "default"}}
INTERRUPTED = """
import pickle, sys
from pathlib import Path
from tenantry.sandbox.control_plane import Sandbox
environment, programs = pickle.loads(Path(sys.argv[2]).read_bytes())
Sandbox(Path(sys.argv[1]), environment, programs).up(lambda step: print(step.name, step.what, flush=True))
"""


@pytest.fixture(scope="module")
def box(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> Iterator[Sandbox]:
    """A sandbox to maltreat. Every test finds it well and leaves it to the next one's repair."""
    with running(tmp_path_factory.mktemp("maltreated"), environment, programs) as box:
        Kube.from_kubeconfig(box.kubeconfig).create(KEPT | {"data": {"word": "kept"}}, "tests")
        yield box


@pytest.fixture
def pids(box: Sandbox) -> dict[str, int]:
    """Process id of every part, after a repair."""
    box.up()
    return living(box)


def living(box: Sandbox) -> dict[str, int]:
    """Process ids of the parts that run."""
    return {part.name: part.pid for part in box.status().parts if part.pid}


def check(box: Sandbox) -> str:
    """The sandbox is well and has kept its data; returns the uid that names the cluster."""
    assert box.status().healthy, box.status()
    kube = Kube.from_kubeconfig(box.kubeconfig)
    kept = kube.get("v1", "ConfigMap", "kept", "default")
    assert kept is not None
    assert kept["data"] == {"word": "kept"}
    system = kube.get("v1", "Namespace", "kube-system")
    assert system is not None
    return str(system["metadata"]["uid"])


def kill(*pids: int) -> None:
    ending = [psutil.Process(pid) for pid in pids]
    for process in ending:
        process.kill()
    _, living = psutil.wait_procs(ending, timeout=PATIENCE)
    assert living == []


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back_and_the_others_go_on(part: str, box: Sandbox, pids: dict[str, int]) -> None:
    before = check(box)
    kill(pids[part])
    assert not box.status().healthy
    box.up()
    after = living(box)
    assert after[part] != pids[part]
    assert {name: pid for name, pid in after.items() if name != part} == {
        name: pid for name, pid in pids.items() if name != part
    }
    assert check(box) == before


def test_all_parts_killed_at_once_come_back(box: Sandbox, pids: dict[str, int]) -> None:
    before = check(box)
    kill(*pids.values())
    assert living(box) == {}
    box.up()
    assert set(living(box)) == set(PARTS)
    assert check(box) == before


def test_a_part_that_hangs_is_started_anew(box: Sandbox, pids: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenantry.sandbox.supervision.REPAIR_PATIENCE", 0)
    # What hangs neither answers nor ends when it is asked to: these pass in full.
    monkeypatch.setattr("tenantry.sandbox.supervision.STOP_PATIENCE", 1)
    monkeypatch.setattr("tenantry.sandbox.health.TIMEOUT", 2)
    os.kill(pids["kube-scheduler"], signal.SIGSTOP)
    box.up()
    assert living(box)["kube-scheduler"] != pids["kube-scheduler"]
    check(box)


def test_a_stopped_sandbox_keeps_its_data(box: Sandbox, pids: dict[str, int]) -> None:
    before = check(box)
    box.down()
    assert not any(psutil.pid_exists(pid) for pid in pids.values())
    assert not box.status().running
    box.up()
    assert check(box) == before


def test_a_port_that_another_program_took_is_chosen_anew(box: Sandbox, pids: dict[str, int]) -> None:
    before = check(box)
    chosen = {part.name: part.port for part in box.status().parts}
    box.down()
    taken = [chosen[name] for name in ("kube-apiserver", "etcd", "kube-scheduler")]
    holders = [socket.create_server(("127.0.0.1", port or 0)) for port in taken]
    try:
        box.up()
    finally:
        for holder in holders:
            holder.close()
    after = {part.name: part.port for part in box.status().parts}
    assert not {after[name] for name in ("kube-apiserver", "etcd", "kube-scheduler")} & set(taken)
    assert after["kube-controller-manager"] == chosen["kube-controller-manager"]
    assert check(box) == before


def test_a_port_taken_between_choice_and_start_is_chosen_anew(
    box: Sandbox, pids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = check(box)
    box.down()
    (box.folder / "state.json").unlink()
    with socket.create_server(("127.0.0.1", 0)) as holder:
        choices = [taken := holder.getsockname()[1]]
        monkeypatch.setattr(ports, "choose", lambda others: choices.pop() if choices else CHOOSE(others))
        box.up()
    assert choices == []
    assert taken not in {part.port for part in box.status().parts}
    assert check(box) == before


def test_a_damaged_state_file_is_told_with_a_way_out_that_works(box: Sandbox, pids: dict[str, int]) -> None:
    before = check(box)
    path = box.folder / "state.json"
    path.write_text('{"ports": ')
    with pytest.raises(PlatformError, match="Remove that file"):
        box.up()
    assert {one.process.pid for one in processes.running(box.folder)} == set(pids.values())
    path.unlink()
    steps: list[Step] = []
    box.up(lambda event: steps.append(event) if isinstance(event, Step) else None)
    assert check(box) == before
    # Its ports unknown, all is started anew. An API server that loses its etcd first would not end by itself.
    stopped = [step.name for step in steps if "out of date" in step.what and step.done is False]
    assert stopped == ["kwok, kube-scheduler, kube-controller-manager", "kube-apiserver", "etcd"]


def test_a_sandbox_with_a_damaged_state_file_can_be_stopped(box: Sandbox, pids: dict[str, int]) -> None:
    path = box.folder / "state.json"
    content = path.read_bytes()
    path.write_text("")
    box.down()
    assert not any(psutil.pid_exists(pid) for pid in pids.values())
    path.write_bytes(content)


def test_a_lost_certificate_restarts_only_the_part_that_shows_it(box: Sandbox, pids: dict[str, int]) -> None:
    (box.folder / "credentials" / "kube-scheduler-serving.crt").unlink()
    box.up()
    after = living(box)
    assert {name for name in PARTS if after[name] != pids[name]} == {"kube-scheduler"}
    check(box)


def test_two_ups_at_once_start_everything_once(box: Sandbox, pids: dict[str, int]) -> None:
    kill(*pids.values())
    threads = [threading.Thread(target=box.up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.part for one in processes.running(box.folder)) == sorted(PARTS)
    check(box)


@pytest.mark.parametrize("moment", ["etcd starting", "kube-apiserver starting", "kube-controller-manager starting"])
def test_an_interrupted_up_is_continued(
    moment: str, box: Sandbox, pids: dict[str, int], environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> None:
    import pickle  # noqa: PLC0415 - how this test alone hands its fixtures to another process

    before = check(box)
    kill(*pids.values())
    arguments = box.folder.parent / "arguments"
    arguments.write_bytes(pickle.dumps((environment, dict(programs))))
    command = [sys.executable, "-c", INTERRUPTED, str(box.folder), str(arguments)]
    # Ctrl-C reaches every process of the terminal's group; the parts must not be in it.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, process_group=0) as up:
        assert up.stdout
        for line in up.stdout:
            if line.strip() == moment:
                os.killpg(up.pid, signal.SIGINT)
    assert up.returncode == -signal.SIGINT
    assert living(box)[moment.split(maxsplit=1)[0]], "the part that was starting ended with its starter"
    box.up()
    assert sorted(one.part for one in processes.running(box.folder)) == sorted(PARTS)
    assert check(box) == before


def test_a_part_that_cannot_start_is_told_with_the_end_of_its_log(
    tmp_path: Path, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'no such flag: --name' >&2\nexit 1\n")
    broken.chmod(0o755)
    box = Sandbox(tmp_path / "sandbox", environment, dict(programs) | {"etcd": broken})
    with pytest.raises(PlatformError) as raised:
        box.up()
    assert str(raised.value).startswith("etcd is not well: its process has ended. The end of ")
    assert str(raised.value).endswith("no such flag: --name")
    box.down(purge=True)
    assert not box.folder.exists()
