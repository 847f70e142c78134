from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path

import pytest

from tenantry.engine.locks import BusyError, hold
from tenantry.engine.workspace import Workspace
from tenantry.errors import PlatformError
from tests.unit.engine_double import Engine, workspace_around, write_state

STACK = "vision.sandbox"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_around(Engine(tmp_path / "engine"), tmp_path / "root")


def lock(workspace: Workspace, pid: int, host: str = socket.gethostname()) -> Path:
    assert workspace.backend.folder is not None
    file = workspace.backend.folder / ".pulumi/locks/organization/tenantry" / STACK / "a.json"
    file.parent.mkdir(parents=True)
    content = {"pid": pid, "username": "ada", "hostname": host, "timestamp": "2026-11-24T04:00:00Z"}
    file.write_text(json.dumps(content))
    return file


def dead_process() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_one_at_a_time(workspace: Workspace) -> None:
    with (
        hold(workspace, STACK),
        pytest.raises(BusyError, match=rf"{STACK} is busy: .*pid {os.getpid()}.*Nothing was changed"),
        hold(workspace, STACK),
    ):
        pass
    with hold(workspace, STACK), hold(workspace, "nlp.sandbox"):
        pass


def test_the_lock_of_a_dead_engine_is_removed(workspace: Workspace) -> None:
    file = lock(workspace, dead_process())
    with hold(workspace, STACK):
        assert not file.exists()


def test_the_lock_of_a_process_that_got_a_dead_engines_number_is_removed(workspace: Workspace) -> None:
    file = lock(workspace, os.getpid())
    with hold(workspace, STACK):
        assert not file.exists()


def test_a_live_engine_is_left_alone(workspace: Workspace, tmp_path: Path) -> None:
    sleeper = tmp_path / "pulumi"
    sleeper.symlink_to("/bin/sleep")
    with subprocess.Popen([str(sleeper), "60"]) as process:
        file = lock(workspace, process.pid)
        try:
            with pytest.raises(BusyError, match=rf"busy: ada@.* \(pid {process.pid}\)"), hold(workspace, STACK):
                pass
        finally:
            process.kill()
    assert file.exists()


def test_the_lock_of_another_machine_is_left_alone(workspace: Workspace) -> None:
    file = lock(workspace, dead_process(), host="elsewhere")
    with pytest.raises(BusyError, match="ada@elsewhere"), hold(workspace, STACK):
        pass
    assert file.exists()


@pytest.mark.parametrize("damage", ["", "{", '{"pid": "x"}', "[]"])
def test_a_damaged_lock_is_reported_with_a_way_out(workspace: Workspace, damage: str) -> None:
    file = lock(workspace, 1)
    file.write_text(damage)
    with pytest.raises(PlatformError, match=rf"is damaged.*rm {file}"), hold(workspace, STACK):
        pass
    assert file.exists()


@pytest.mark.parametrize("name", [f"{STACK}.json.attrs", f"{STACK}.json.bak.attrs"])
@pytest.mark.parametrize("content", ["", '{"md5":"a'])
def test_what_a_killed_engine_cut_off_beside_its_state_is_removed(
    workspace: Workspace, name: str, content: str
) -> None:
    state = write_state(workspace, STACK, [])
    beside = state.with_name(name)
    beside.write_text(content)
    with hold(workspace, STACK):
        assert not beside.exists()
    assert state.exists()


def test_what_is_whole_beside_a_state_stays(workspace: Workspace) -> None:
    beside = write_state(workspace, STACK, []).with_name(f"{STACK}.json.attrs")
    beside.write_text('{"md5":"a"}\n')
    with hold(workspace, STACK):
        assert beside.exists()


def test_what_lies_beside_another_stack_s_state_is_left_alone(workspace: Workspace) -> None:
    beside = write_state(workspace, "nlp.sandbox", []).with_name("nlp.sandbox.json.attrs")
    beside.write_text("")
    with hold(workspace, STACK):
        assert beside.exists()
