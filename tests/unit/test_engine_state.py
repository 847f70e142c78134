from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tenantry.engine.backend import Backend
from tenantry.engine.events import SECRET_SIGN
from tenantry.engine.state import read_state
from tenantry.engine.workspace import Workspace
from tenantry.errors import PlatformError
from tests.unit.engine_double import Engine, resource, urn, workspace_around, write_state

STACK = "vision.sandbox"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / "engine")


@pytest.fixture
def workspace(engine: Engine, tmp_path: Path) -> Workspace:
    return workspace_around(engine, tmp_path / "root")


def history(file: Path) -> Path:
    folder = file.parents[2] / "history/tenantry" / STACK
    folder.mkdir(parents=True)
    return folder


def test_no_stack_is_none(workspace: Workspace) -> None:
    assert read_state(workspace, STACK) is None


def test_what_the_last_run_left(workspace: Workspace, engine: Engine) -> None:
    secret = {SECRET_SIGN: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    quota = resource(STACK, "ResourceQuota", "quota")
    read_only = {**resource(STACK, "Namespace", "kube-system"), "external": True}
    begun = {"type": "creating", "resource": resource(STACK, "Role", "admin")}
    write_state(workspace, STACK, [quota, read_only], outputs={"a": 1, "b": secret}, pending=[begun])
    state = read_state(workspace, STACK)
    assert state is not None
    assert state.updated == datetime(2026, 11, 24, 4, 0, 27, 958186, tzinfo=UTC)
    assert [item.name for item in state.resources] == ["quota"]
    assert state.outputs == {"a": 1, "b": "[secret]"}
    assert [(operation.doing, operation.resource.name) for operation in state.pending] == [("creating", "admin")]
    assert engine.calls == []


def test_a_stack_that_was_only_created_is_not_deployed(workspace: Workspace) -> None:
    file = write_state(workspace, STACK, [])
    file.write_text('{"version":3,"checkpoint":{"stack":"x","latest":null}}')
    state = read_state(workspace, STACK)
    assert state is not None
    assert (state.deployed, state.updated) == (False, None)


@pytest.mark.parametrize(
    "damage", [b"", b'{"version":3,"checkpoint":{"la', b"hello", b"[]", b'{"checkpoint": 1}', b"\xff"]
)
def test_a_damaged_state_is_refused_with_the_way_to_restore_it(workspace: Workspace, damage: bytes) -> None:
    file = write_state(workspace, STACK, [])
    good = file.with_name(f"{file.name}.bak")
    shutil.copy(file, good)
    file.write_bytes(damage)
    with pytest.raises(PlatformError, match=rf"{STACK}.*is damaged \({len(damage)} bytes\).*cp {good} {file}"):
        read_state(workspace, STACK)


def test_a_state_that_vanished_is_no_new_stack(workspace: Workspace) -> None:
    file = write_state(workspace, STACK, [])
    kept = history(file) / "vision.sandbox-1.checkpoint.json"
    file.rename(kept)
    with pytest.raises(PlatformError, match=rf"is gone.*cp {kept} {file}"):
        read_state(workspace, STACK)


def test_a_damaged_copy_is_not_recommended(workspace: Workspace) -> None:
    file = write_state(workspace, STACK, [])
    kept = history(file) / "vision.sandbox-1.checkpoint.json"
    shutil.copy(file, kept)
    file.with_name(f"{file.name}.bak").write_bytes(b"")
    file.write_bytes(b"")
    with pytest.raises(PlatformError, match=rf"cp {kept} "):
        read_state(workspace, STACK)


def test_other_backends_are_asked_through_the_engine(workspace: Workspace, engine: Engine) -> None:
    remote = Workspace(**{**vars(workspace), "backend": Backend("s3://states", ours=False, folder=None)})
    root = {"urn": urn(STACK, "pulumi:pulumi:Stack", "x"), "type": "pulumi:pulumi:Stack", "outputs": {"a": 1}}
    document = json.dumps({"version": 3, "deployment": {"resources": [root]}})
    engine.answers("stack-export", STACK, f"echo '{document}'")
    state = read_state(remote, STACK)
    assert state is not None
    assert state.outputs == {"a": 1}
    engine.answers("stack-export", STACK, f"echo \"error: no stack named '{STACK}' found\" >&2; exit 1")
    assert read_state(remote, STACK) is None
    engine.answers("stack-export", STACK, "echo 'error: access denied' >&2; exit 1")
    with pytest.raises(PlatformError, match="cannot be read: error: access denied"):
        read_state(remote, STACK)
