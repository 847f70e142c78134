"""What fails in the middle of a run: the API server, the lock. Nothing is lost or made twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping

from tenantry.engine import runs
from tenantry.engine.workspace import Workspace
from tests.sandbox.engine_world import NLP, PLATFORM, World
from tests.sandbox.go_between import Fault, GoBetween
from tests.sandbox.newcomer import AUDIT, at, counted, uids, writes
from tests.sandbox.waiting import until


def test_an_api_server_that_fails_mid_run_costs_a_run_and_nothing_else(
    newcomer: World, way: tuple[GoBetween, Workspace]
) -> None:
    middle, workspace = way
    others = newcomer.live(PLATFORM, NLP)
    # The queue fills its quota: a run that takes it for new could not even rehearse it.
    middle.fault = together = Together(
        {"/localqueues/": "lost", "/limitranges/": "cut", "/networkpolicies/default-deny": 500}
    )
    [failed] = runs.up(workspace, [AUDIT])
    assert (failed.outcome, newcomer.engine_pid(AUDIT)) == ("failed", 0)
    assert together.missing == set(), f"never asked for: {failed.error}"
    assert newcomer.kube.list("kueue.x-k8s.io/v1beta2", "LocalQueue", "audit")
    assert not newcomer.kube.list("v1", "LimitRange", "audit")
    made = uids(newcomer)
    assert newcomer.live(PLATFORM, NLP) == others
    assert until(lambda: counted(newcomer))
    # Busy once for every write: a client that is told to come back does.
    seen: set[str] = set()

    def once(method: str, path: str) -> Fault:
        if method != "PATCH" or path in seen:
            return ""
        seen.add(path)
        return 429

    middle.fault = once
    [done] = runs.up(workspace, [AUDIT])
    assert done.error == ""
    assert done.outcome == "done"
    assert seen
    assert made.items() <= uids(newcomer).items()
    assert None not in newcomer.live(AUDIT).values()
    middle.fault = lambda _method, _path: ""
    [again] = runs.preview(newcomer.workspace, [AUDIT])
    assert (again.outcome, again.changes) == ("done", ())


class Together:
    """A fault for each kind of request, all at once: the first one ends the run, so each waits until all have come.

    None of them may depend on another one, and an engine must run as many steps at a time.
    """

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        self.missing = set(faults)
        """Kinds that have not come. They are waited for shorter than the client waits for an answer (60 s)."""
        self._faults = faults
        self._complete = threading.Event()

    def __call__(self, _method: str, path: str) -> Fault:
        kind = next((kind for kind in self._faults if kind in path), "") if writes(path) else ""
        if not kind:
            return ""
        self.missing.discard(kind)
        if not self.missing:
            self._complete.set()
        self._complete.wait(50)
        return self._faults[kind]


def test_a_cancelled_lock_mid_run_loses_nothing(newcomer: World) -> None:
    busy: list[str] = []

    def cancel() -> None:
        done = newcomer.workspace.pulumi("cancel", "--yes", "--stack", AUDIT)
        assert done.returncode == 0, done.stderr
        busy.extend(result.outcome for result in runs.up(newcomer.workspace, [AUDIT]))

    runs.up(newcomer.workspace, [AUDIT], at(6, cancel))
    assert busy == ["busy"], "the lock of the working tree does not go with the engine's"
    made = uids(newcomer)
    assert until(lambda: counted(newcomer))
    [done] = runs.up(newcomer.workspace, [AUDIT])
    assert (done.outcome, done.error) == ("done", "")
    assert made.items() <= uids(newcomer).items()
    assert None not in newcomer.live(AUDIT).values()


def test_another_cluster_under_the_same_name_is_not_touched(world: World, way: tuple[GoBetween, Workspace]) -> None:
    middle, workspace = way
    system = world.kube.get("v1", "Namespace", "kube-system")
    assert system is not None
    uid, other = system["metadata"]["uid"], "00000000-0000-4000-8000-000000000000"
    middle.rewrite = lambda path, body: body.replace(uid.encode(), other.encode()) if "kube-system" in path else body
    held, before = json.loads(world.checkpoint(NLP).read_text()), world.live(NLP)
    world.edit("nlp", "tier: small", "tier: small\nquota: {cpu: 12}")
    try:
        [planned] = runs.preview(workspace, [NLP])
        [result] = runs.up(workspace, [NLP])
    finally:
        world.restore("nlp")
    for refused in (planned, result):
        assert refused.outcome == "failed"
        assert (
            f"another cluster than the platform's stack was made on: kube-system has the uid {other}" in refused.error
        )
    assert middle.written == []
    assert world.live(NLP) == before
    assert (
        json.loads(world.checkpoint(NLP).read_text())["checkpoint"]["latest"]["resources"]
        == (held["checkpoint"]["latest"]["resources"])
    )
