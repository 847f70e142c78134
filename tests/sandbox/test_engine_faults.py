from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tenantry.engine import runs
from tenantry.engine.events import Events
from tenantry.engine.workspace import Workspace
from tests.sandbox.engine_world import NLP, World
from tests.sandbox.go_between import Fault, GoBetween
from tests.sandbox.newcomer import AUDIT, at, counted, uids, writes
from tests.sandbox.waiting import until

GUARD = 50
"""Seconds, shorter than the engine's client waits for an answer."""
SEED = 11


def kill(world: World) -> None:
    engine = world.engine_pid(AUDIT)
    # Zero would be this very process and its group.
    assert engine > 0
    os.kill(engine, signal.SIGKILL)


def kill_late(world: World, seconds: float) -> None:
    time.sleep(seconds)
    # Where it was faster, there is no engine any more.
    if engine := world.engine_pid(AUDIT):
        with suppress(ProcessLookupError):
            os.kill(engine, signal.SIGKILL)


class Moment:
    """Acts once, when a write to a path is asked for: before it is passed on, which it then never is, or after."""

    def __init__(self, path: str, act: Callable[[], None]) -> None:
        self.happened = False
        self._path = path
        self._act = act

    def before(self, _method: str, path: str) -> Fault:
        return "cut" if self._seen(path) else ""

    def after(self, path: str, body: bytes) -> bytes:
        self._seen(path)
        return body

    def _seen(self, path: str) -> bool:
        if not writes(path, self._path):
            return False
        if not self.happened:
            self.happened = True
            self._act()
        return True


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when an engine says that it stops. On a crowded machine that may be long after the signal."""
    said, feed = threading.Event(), Events.feed

    def listen(events: Events, line: str) -> str | None:
        if "^C received" in line:
            said.set()
        return feed(events, line)

    monkeypatch.setattr(Events, "feed", listen)
    return said


# Both while role bindings, the last objects, still wait for every guard.
@pytest.mark.parametrize(
    ("lost", "killed_at"), [("answer", "/namespaces/audit?"), ("request", "/resourcequotas/tenant?")]
)
def test_a_killed_run_and_an_interrupted_one_lose_nothing(
    newcomer: World,
    way: tuple[GoBetween, Workspace],
    heard: threading.Event,
    lost: str,
    killed_at: str,
) -> None:
    middle, workspace = way
    end = Moment(killed_at, lambda: kill(newcomer))
    middle.rewrite, middle.fault = (end.after, middle.fault) if lost == "answer" else (middle.rewrite, end.before)
    [killed] = runs.up(workspace, [AUDIT])
    assert (killed.outcome, end.happened) == ("failed", True), killed.error
    assert newcomer.engine_pid(AUDIT) > 0, "a killed engine leaves its lock"
    assert until(lambda: counted(newcomer))

    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        heard.wait(GUARD)

    stop = Moment("/resourcequotas/tenant?", interrupt)
    middle.rewrite, middle.fault = stop.after, lambda _method, _path: ""
    [interrupted] = runs.up(workspace, [AUDIT])
    assert (interrupted.outcome, stop.happened, heard.is_set()) == ("interrupted", True, True), interrupted.error
    assert newcomer.engine_pid(AUDIT) == 0
    assert not newcomer.kube.list("rbac.authorization.k8s.io/v1", "RoleBinding", "audit")
    assert newcomer.state(AUDIT).pending == ()
    goes_on(newcomer)


# More of them take longer and find more: TENANTRY_TEST_KILLS=50.
def test_kills_at_any_moments_lose_nothing(newcomer: World) -> None:
    moments = random.Random(SEED)
    for _ in range(int(os.environ.get("TENANTRY_TEST_KILLS", "3"))):
        late = partial(kill_late, newcomer, moments.uniform(0, 0.3))
        [result] = runs.up(newcomer.workspace, [AUDIT], at(moments.randrange(1, 18), late))
        assert result.outcome in ("failed", "done"), result.error
        assert until(lambda: counted(newcomer))
    goes_on(newcomer)


def goes_on(world: World) -> None:
    """The next run makes what is not there, and leaves alone what is."""
    made = uids(world)
    assert made
    # A create that the kill cut off may be charged to the quota until the cluster counts again.
    assert until(lambda: counted(world))
    [done] = runs.up(world.workspace, [AUDIT])
    assert (done.outcome, done.error) == ("done", "")
    after = world.live(AUDIT)
    assert None not in after.values()
    assert {urn: after[urn]["metadata"]["uid"] for urn in made} == made  # type: ignore[index] # none is None, see above


def test_an_object_made_just_before_the_kill_is_taken_over(world: World) -> None:
    # What a kill between the API server's answer and the next checkpoint leaves.
    before = world.live(NLP)
    file = world.checkpoint(NLP)
    document = json.loads(file.read_text())
    latest = document["checkpoint"]["latest"]
    [made] = [entry for entry in latest["resources"] if entry["urn"].endswith("RoleBinding::nlp-access-admin")]
    # A component is nothing outside of the state, and under way for a moment all the same.
    [component] = [entry for entry in latest["resources"] if entry["urn"].endswith("tenant:Access::nlp-access")]
    latest["resources"].remove(made)
    latest["pending_operations"] = [
        {"type": "creating", "resource": without_outcome(entry)} for entry in (component, made)
    ]
    file.write_text(json.dumps(document))
    [result] = runs.up(world.workspace, [NLP])
    assert (result.outcome, result.error, result.counts["create"]) == ("done", "", 0)
    assert world.state(NLP).pending == ()
    assert world.live(NLP) == before


@pytest.mark.parametrize("cut_off", ["", '{"user.cache_control":"","user.con'])
def test_a_kill_while_the_engine_wrote_beside_its_state_costs_nothing(world: World, cut_off: str) -> None:
    beside = world.checkpoint(NLP).with_name(f"{NLP}.json.attrs")
    for run in (runs.preview, runs.up):
        beside.write_text(cut_off)
        [result] = run(world.workspace, [NLP])
        assert (result.outcome, result.error, result.changes) == ("done", "", ())


def without_outcome(made: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in made.items() if key not in ("id", "outputs")}


def test_a_wrong_passphrase_is_refused_before_any_write(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file, before = world.checkpoint(NLP), world.live(NLP)
    held = file.read_bytes()
    wrong = {**world.workspace.variables, "PULUMI_CONFIG_PASSPHRASE": "wrong"}
    del wrong["PULUMI_CONFIG_PASSPHRASE_FILE"]
    monkeypatch.setattr(type(world.workspace), "process_env", lambda _self: {**os.environ, **wrong})
    [result] = runs.up(world.workspace, [NLP])
    assert (result.outcome, "incorrect passphrase" in result.error) == ("failed", True)
    assert file.read_bytes() == held
    assert world.live(NLP) == before


@pytest.mark.parametrize("damage", [b"", b'{"version":3,"checkpoint":{'])
def test_a_damaged_state_is_refused_and_restored_as_the_message_says(world: World, damage: bytes) -> None:
    file, before = world.checkpoint(NLP), world.live(NLP)
    file.write_bytes(damage)
    [result] = runs.up(world.workspace, [NLP])
    assert result.outcome == "failed"
    good, target = result.error.partition(": cp ")[2].split(" && ")[0].split()
    Path(target).write_bytes(Path(good).read_bytes())
    assert world.live(NLP).keys() == before.keys()
    assert world.live(NLP) == before
