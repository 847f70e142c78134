from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tenantry.engine import runs
from tenantry.engine.results import StackResult
from tests.sandbox.engine_world import NLP, World
from tests.sandbox.newcomer import AUDIT, at, counted, uids
from tests.sandbox.waiting import until


def run(world: World, step: int, act: Callable[[], None]) -> StackResult:
    return runs.up(world.workspace, [AUDIT], at(step, act))[0]


def kill(world: World) -> None:
    engine = world.engine_pid(AUDIT)
    # Zero would be this very process and its group.
    assert engine > 0
    os.kill(engine, signal.SIGKILL)


# Both signals come while role bindings, the last objects, still wait for every guard.
@pytest.mark.parametrize("step", [4, 9])
def test_a_killed_run_and_an_interrupted_one_lose_nothing(newcomer: World, step: int) -> None:
    killed = run(newcomer, step, lambda: kill(newcomer))
    assert killed.outcome == "failed"
    assert newcomer.engine_pid(AUDIT) > 0, "a killed engine leaves its lock"
    assert until(lambda: counted(newcomer))
    interrupted = run(newcomer, step + 3, lambda: os.kill(os.getpid(), signal.SIGINT))
    assert (interrupted.outcome, newcomer.engine_pid(AUDIT)) == ("interrupted", 0)
    assert newcomer.state(AUDIT).pending == ()
    made = uids(newcomer)
    assert made
    # A create that the kill cut off may be charged to the quota until the cluster counts again.
    assert until(lambda: counted(newcomer))
    [done] = runs.up(newcomer.workspace, [AUDIT])
    assert (done.outcome, done.error) == ("done", "")
    after = newcomer.live(AUDIT)
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
