from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tenantry.engine import rendered, runs
from tenantry.engine.results import OPERATIONS, Operation, Progress, StackResult
from tenantry.engine.workspace import Workspace
from tests.unit.engine_double import REPOSITORY, Engine, resource, steps, workspace_around, write_state

PLATFORM, VISION, NLP = "platform.sandbox", "vision.sandbox", "nlp.sandbox"
ALL = (PLATFORM, VISION, NLP)
REFUSED = {"diagnosticEvent": {"severity": "error", "message": "quota is invalid"}}


def counts(**some: int) -> dict[Operation, int]:
    return {operation: some.get(operation, 0) for operation in OPERATIONS}


def quota(stack: str, pods: str = "10", name: str = "quota") -> dict[str, Any]:
    return resource(stack, "ResourceQuota", name, spec={"hard": {"pods": pods}})


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / "engine")


@pytest.fixture
def workspace(engine: Engine, tmp_path: Path) -> Workspace:
    """The platform and both tenants were up once, and the engine finds nothing to do."""
    found = workspace_around(engine, tmp_path / "root")
    for stack in ALL:
        write_state(found, stack, [quota(stack)])
        for verb in ("preview", "up", "destroy"):
            engine.says(verb, stack, steps("same", quota(stack), quota(stack)))
    return found


@pytest.fixture
def new(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The same, but no stack was ever up."""
    assert workspace.backend.folder is not None
    for file in (workspace.backend.folder / ".pulumi/stacks/tenantry").iterdir():
        file.unlink()

    def render(_workspace: Workspace, stack: str) -> StackResult:
        return StackResult(stack=stack, outcome="done", counts=counts(create=7))

    monkeypatch.setattr(runs, "everything_new", render)
    return workspace


def test_the_plan_of_a_new_stack_is_what_the_program_declares(engine: Engine) -> None:
    plan = rendered.everything_new(workspace_around(engine, REPOSITORY), VISION)
    assert plan.counts == counts(create=len(plan.changes))
    assert {"ResourceQuota vision/tenant", "Namespace vision"} <= {change.title for change in plan.changes}
    assert engine.calls == []


def test_a_preview_asks_the_engine_and_changes_nothing(workspace: Workspace, engine: Engine) -> None:
    engine.says("preview", VISION, steps("update", quota(VISION, "20"), quota(VISION)))
    vision, nlp = runs.preview(workspace, [VISION, NLP])
    assert (vision.stack, vision.outcome, vision.counts) == (VISION, "done", counts(update=1))
    assert [change.title for change in vision.changes] == ["ResourceQuota vision/quota"]
    assert nlp.counts == counts(same=1)
    assert {call.split()[0] for call in engine.calls} == {"preview"}


def test_a_stack_that_was_never_up_is_planned_without_the_engine(new: Workspace, engine: Engine) -> None:
    assert [result.counts["create"] for result in runs.preview(new, ALL)] == [7, 7, 7]
    assert engine.calls == []


def test_up_runs_the_platform_first(workspace: Workspace, engine: Engine) -> None:
    results = runs.up(workspace, [NLP, PLATFORM, VISION])
    assert [(result.stack, result.outcome) for result in results] == [
        (NLP, "done"),
        (PLATFORM, "done"),
        (VISION, "done"),
    ]
    stacks = [call.split("--stack ")[1].split()[0] for call in engine.called("up")]
    assert stacks[0] == PLATFORM
    assert set(stacks[1:]) == {NLP, VISION}


def test_one_failure_never_stops_the_others(workspace: Workspace, engine: Engine) -> None:
    engine.says("up", VISION, [REFUSED], status=255)
    platform, vision, nlp = runs.up(workspace, ALL)
    assert (platform.outcome, vision.outcome, nlp.outcome) == ("done", "failed", "done")
    assert vision.error == "quota is invalid"


def test_a_stack_whose_plan_fails_is_not_touched(workspace: Workspace, engine: Engine) -> None:
    engine.says("preview", VISION, [REFUSED], status=255)
    [result] = runs.up(workspace, [VISION])
    assert (result.outcome, result.error) == ("failed", "quota is invalid")
    assert engine.called("up") == []


def test_a_new_stack_is_created_without_being_selected(new: Workspace, engine: Engine) -> None:
    write_state(new, PLATFORM, [quota(PLATFORM)])
    runs.up(new, [VISION])
    assert engine.called("stack") == [f"stack init --no-select {VISION} --non-interactive"]


def test_tenants_without_a_platform_are_skipped(new: Workspace, engine: Engine) -> None:
    engine.says("up", PLATFORM, [REFUSED], status=255)
    platform, vision, _nlp = runs.up(new, ALL)
    assert (platform.outcome, vision.outcome) == ("failed", "skipped")
    assert "never up" in vision.error
    assert len(engine.called("up")) == 1


def test_an_unchanged_plan_is_not_made_twice(workspace: Workspace, engine: Engine) -> None:
    plan = runs.preview(workspace, [VISION])
    assert runs.up(workspace, [VISION], plan=plan)[0].outcome == "done"
    assert len(engine.called("preview")) == 1


def grown(workspace: Workspace, engine: Engine, operation: str) -> StackResult:
    """What `up` says when a preview after the plan shows this operation."""
    plan = runs.preview(workspace, [VISION])
    write_state(workspace, VISION, [quota(VISION), quota(VISION, name="other")])
    engine.says("preview", VISION, steps(operation, quota(VISION, "20"), quota(VISION)))
    return runs.up(workspace, [VISION], plan=plan)[0]


@pytest.mark.parametrize("operation", ["delete", "replace"])
def test_what_the_plan_did_not_show_is_not_removed(workspace: Workspace, engine: Engine, operation: str) -> None:
    result = grown(workspace, engine, operation)
    assert result.outcome == "changed"
    assert "would now also lose ResourceQuota vision/quota" in result.error
    assert engine.called("up") == []


def test_a_change_that_removes_nothing_more_goes_on(workspace: Workspace, engine: Engine) -> None:
    assert grown(workspace, engine, "update").outcome == "done"


def test_what_a_person_agreed_to_remove_is_removed(workspace: Workspace, engine: Engine) -> None:
    engine.says("preview", VISION, steps("delete", quota(VISION)))
    plan = runs.preview(workspace, [VISION])
    write_state(workspace, VISION, [quota(VISION), quota(VISION, name="other")])
    assert runs.up(workspace, [VISION], plan=plan)[0].outcome == "done"


def test_an_edit_between_plan_and_up_is_noticed(workspace: Workspace, engine: Engine) -> None:
    file = workspace.root / "tenants/vision/tenant.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("id: vision\n")
    plan = runs.preview(workspace, [VISION])
    file.write_text("id: vision # edited\n")
    runs.up(workspace, [VISION], plan=plan)
    assert len(engine.called("preview")) == 2


def test_a_failed_plan_is_handed_through(workspace: Workspace, engine: Engine) -> None:
    plan = [StackResult(stack=VISION, outcome="failed", error="seen before")]
    assert runs.up(workspace, [VISION], plan=plan) == plan
    assert engine.calls == []


@pytest.mark.parametrize(
    "words", ["the stack is currently locked by 1 lock(s)", "[409] Conflict: Another update is currently in progress."]
)
def test_a_lock_of_somebody_else_is_busy(workspace: Workspace, engine: Engine, words: str) -> None:
    engine.answers("up", VISION, f"echo 'error: {words}' >&2; exit 255")
    [result] = runs.up(workspace, [VISION])
    assert (result.outcome, words in result.error) == ("busy", True)


def test_an_engine_that_dies_without_a_word_is_a_failure(workspace: Workspace, engine: Engine) -> None:
    engine.answers("up", VISION, "kill -9 $$")
    assert runs.up(workspace, [VISION])[0].error == "The engine ended with status -9 and said nothing."


def test_destroy_takes_tenants_before_the_platform(workspace: Workspace, engine: Engine) -> None:
    assert {result.outcome for result in runs.destroy(workspace, ALL)} == {"done"}
    assert engine.called("destroy")[-1].endswith(f"--stack {PLATFORM}")


def test_destroying_what_is_not_there_is_done(new: Workspace, engine: Engine) -> None:
    assert runs.destroy(new, [VISION]) == [StackResult(stack=VISION, outcome="done")]
    assert engine.calls == []


def test_who_watches_hears_every_phase_in_order(workspace: Workspace) -> None:
    heard: list[Progress] = []
    runs.up(workspace, [VISION], heard.append)
    running = [progress for progress in heard if progress.phase == "running"]
    assert list(dict.fromkeys(progress.phase for progress in heard)) == [
        "waiting",
        "starting",
        "planning",
        "running",
        "ended",
    ]
    assert (running[-1].finished, running[-1].total, running[-1].resource) == (1, 1, "ResourceQuota vision/quota")
    assert heard[-1].result is not None


PATIENT = """trap 'echo interrupted >> {log}; sleep 0.3; exit 1' INT
echo started >> {log}
while :; do sleep 0.05; done"""


def test_the_first_signal_is_passed_on_once_and_the_rest_is_not_started(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    engine.answers("up", VISION, PATIENT.format(log=log))

    def twice() -> None:
        while not log.exists():
            time.sleep(0.02)
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)

    before = signal.getsignal(signal.SIGINT)
    threading.Thread(target=twice).start()
    vision, nlp = runs.up(workspace, [VISION, NLP], parallel=1)
    assert (vision.outcome, nlp.outcome) == ("interrupted", "interrupted")
    assert "run again" in vision.error
    assert log.read_text().split() == ["started", "interrupted"]
    assert [call for call in engine.called("up") if NLP in call] == []
    assert signal.getsignal(signal.SIGINT) is before


def test_what_an_engine_leaves_behind_does_not_outlive_it(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    number = tmp_path / "pid"
    engine.answers("up", VISION, f"sleep 60 >/dev/null 2>&1 & echo $! > {number}; kill -9 $$")
    runs.up(workspace, [VISION])
    gone = subprocess.run(
        ["ps", "-o", "stat=", "-p", number.read_text().strip()], capture_output=True, text=True, check=False
    )
    assert gone.stdout.strip()[:1] in ("", "Z")
