from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tenantry.engine import recovery
from tenantry.engine.recovery import settle
from tenantry.engine.state import StackState, read_state
from tenantry.engine.workspace import Workspace
from tenantry.errors import PlatformError
from tests.unit.engine_double import Engine, resource, urn, workspace_around, write_state

STACK = "vision.sandbox"
MADE, NOT_MADE, FOREIGN = (resource(STACK, "Secret", name) for name in ("made", "not-made", "foreign"))


class Cluster:
    """Has the object `made` as ours, and `foreign` as somebody else's."""

    @classmethod
    def from_kubeconfig(cls, *_: object) -> Cluster:
        return cls()

    def get(self, _api: str, kind: str, name: str, namespace: str | None) -> dict[str, Any] | None:
        owners = {"made": {"tenantry.dev/tenant": "vision"}, "foreign": {"tenantry.dev/tenant": "nlp"}}
        assert (kind, namespace) == ("Secret", "vision")
        return {"metadata": {"name": name, "labels": owners[name]}} if name in owners else None


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / "engine")


@pytest.fixture
def workspace(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(recovery, "Kube", Cluster)
    return workspace_around(engine, tmp_path / "root")


def left(workspace: Workspace, doing: str, *begun: dict[str, Any]) -> StackState:
    write_state(workspace, STACK, [], pending=[{"type": doing, "resource": one} for one in begun])
    state = read_state(workspace, STACK)
    assert state is not None
    return state


def test_what_was_made_is_imported_and_the_rest_is_forgotten(workspace: Workspace, engine: Engine) -> None:
    settle(workspace, left(workspace, "creating", MADE, NOT_MADE, FOREIGN))
    [call] = engine.calls
    assert call.split()[:3] == ["refresh", "--yes", "--skip-preview"]
    assert "--clear-pending-creates" in call
    assert call.count("--import-pending-creates") == 2
    assert f"--import-pending-creates {MADE['urn']} --import-pending-creates vision/made" in call


@pytest.mark.parametrize("doing", ["updating", "deleting"])
def test_what_the_next_run_does_again_by_itself_is_left_to_it(workspace: Workspace, engine: Engine, doing: str) -> None:
    settle(workspace, left(workspace, doing, MADE))
    assert engine.calls == []


def test_what_a_cloud_may_have_made_is_for_a_person_to_look_at(workspace: Workspace, engine: Engine) -> None:
    bucket = {"urn": urn(STACK, "aws:s3/bucket:Bucket", "models"), "type": "aws:s3/bucket:Bucket"}
    with pytest.raises(PlatformError, match=rf"aws:s3/bucket:Bucket::models.*pulumi refresh -s {STACK}"):
        settle(workspace, left(workspace, "creating", MADE, bucket))
    assert engine.calls == []


def test_an_engine_that_refuses_is_quoted(workspace: Workspace, engine: Engine) -> None:
    engine.answers("refresh", STACK, "echo 'error: no access' >&2; exit 1")
    with pytest.raises(PlatformError, match="cannot be cleared up: error: no access"):
        settle(workspace, left(workspace, "creating", MADE))
