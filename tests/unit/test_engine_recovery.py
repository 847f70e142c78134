from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tenantry.engine import recovery
from tenantry.engine.recovery import settle, taken_in
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


def exported(*begun: dict[str, Any], resources: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    pending = [{"type": "creating", "resource": one} for one in begun]
    return {"version": 3, "deployment": {"resources": list(resources), "pending_operations": pending, "manifest": {}}}


def without_id(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "id"}


def test_what_was_made_is_taken_in_and_read_and_the_rest_is_forgotten(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    document = exported(*(without_id(one) for one in (MADE, NOT_MADE, FOREIGN)))
    engine.answers("stack-export", STACK, f"echo '{json.dumps(document)}'")
    engine.answers("stack-import", STACK, f"cat > {tmp_path}/imported")
    settle(workspace, left(workspace, "creating", MADE, NOT_MADE, FOREIGN))
    imported = json.loads((tmp_path / "imported").read_text())
    assert imported == {
        "version": 3,
        "deployment": {"resources": [MADE], "pending_operations": [], "manifest": {}},
    }
    assert [call.split()[:2] for call in engine.calls] == [
        ["stack", "export"],
        ["stack", "import"],
        ["refresh", "--yes"],
    ]


def test_what_the_state_has_already_is_not_taken_in_twice() -> None:
    document = taken_in(exported(MADE, resources=(MADE,)), {MADE["urn"]: "vision/made"})
    assert document["deployment"]["resources"] == [MADE]


def test_nothing_is_read_where_nothing_was_made(workspace: Workspace, engine: Engine) -> None:
    engine.answers("stack-export", STACK, f"echo '{json.dumps(exported(NOT_MADE))}'")
    settle(workspace, left(workspace, "creating", NOT_MADE))
    assert [call.split()[1] for call in engine.calls] == ["export", "import"]


@pytest.mark.parametrize("doing", ["updating", "deleting"])
def test_what_the_next_run_does_again_by_itself_is_left_to_it(workspace: Workspace, engine: Engine, doing: str) -> None:
    settle(workspace, left(workspace, doing, MADE))
    assert engine.calls == []


def test_what_a_cloud_may_have_made_is_for_a_person_to_look_at(workspace: Workspace, engine: Engine) -> None:
    bucket = begun("aws:s3/bucket:Bucket", "models", custom=True)
    with pytest.raises(PlatformError, match=rf"aws:s3/bucket:Bucket::models.*pulumi refresh -s {STACK}"):
        settle(workspace, left(workspace, "creating", MADE, bucket))
    assert engine.calls == []


def begun(token: str, name: str, *, custom: bool) -> dict[str, Any]:
    return {"urn": urn(STACK, token, name), "type": token, "custom": custom}


@pytest.mark.parametrize(
    "one",
    [
        begun("tenantry:tenant:Access", "vision-access", custom=False),
        begun("pulumi:pulumi:Stack", f"tenantry-{STACK}", custom=False),
        begun("pulumi:providers:kubernetes", "cluster", custom=True),
    ],
    ids=lambda one: str(one["type"]),
)
def test_what_is_nowhere_but_in_the_state_is_forgotten(
    workspace: Workspace, engine: Engine, tmp_path: Path, one: dict[str, Any]
) -> None:
    engine.answers("stack-export", STACK, f"echo '{json.dumps(exported(one))}'")
    engine.answers("stack-import", STACK, f"cat > {tmp_path}/imported")
    settle(workspace, left(workspace, "creating", one))
    deployment = json.loads((tmp_path / "imported").read_text())["deployment"]
    assert (deployment["resources"], deployment["pending_operations"]) == ([], [])
    assert [call.split()[1] for call in engine.calls] == ["export", "import"]


def test_an_engine_that_refuses_is_quoted(workspace: Workspace, engine: Engine) -> None:
    engine.answers("stack-export", STACK, "echo 'error: no access' >&2; exit 1")
    with pytest.raises(PlatformError, match="cannot be cleared up: error: no access"):
        settle(workspace, left(workspace, "creating", MADE))
