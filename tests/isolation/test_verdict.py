"""The last word, once all of this folder has run: which rows held, and which guards were missed."""

from __future__ import annotations

import json

import pytest

from tenantry.kube import Json
from tests.isolation.guards import LIMITS, POD_SECURITY, Guard, binding, hard, rights
from tests.isolation.page import RESULTS, results
from tests.isolation.rows import ROWS
from tests.isolation.verdict import COUNTED, Verdict
from tests.isolation.world import World

ENOUGH = 0.95


def guards(world: World) -> set[Guard]:
    """Every guard that the stacks of the platform and of a tenant say, and the bindings that they do not say."""
    policies = _named(world.rendered["platform"], "ValidatingAdmissionPolicyBinding")
    own = world.rendered[world.own]
    [quota] = [one for one in own if one["kind"] == "ResourceQuota" and one["metadata"]["name"] == "tenant"]
    return {
        *(binding(name.removeprefix("tenantry-")) for name in policies),
        *(rights(name) for name in _named(own, "Role") if name in {"admin", "developer", "viewer"}),
        *(rights(name) for name in ("cluster", "victim", "accounts")),
        *(hard(key) for key in quota["spec"]["hard"]),
        *(Guard("seats", name) for name in _named(own, "FlowSchema")),
        hard("pods", "no-system-priority"),
        POD_SECURITY,
        LIMITS,
    }


def _named(objects: list[Json], kind: str) -> list[str]:
    return [one["metadata"]["name"] for one in objects if one["kind"] == kind]


@pytest.fixture
def verdict(request: pytest.FixtureRequest, world: World) -> Verdict:
    found = request.config.stash[COUNTED]
    wanted = guards(world)
    missed = sorted(str(guard) for guard in wanted - world.noticed)
    found.guards = {"of": len(wanted), "noticed": len(wanted) - len(missed), "missed": missed}
    return found


def test_every_live_row_held(verdict: Verdict) -> None:
    assert verdict.failed == {}
    missing = {row for row, one in ROWS.items() if one.live and not verdict.passed.get(row)}
    assert missing == set(), "this is the verdict on a run of all of tests/isolation"


def test_at_least_fifty_rows_are_live(verdict: Verdict) -> None:
    assert sum(one.live and bool(verdict.passed.get(row)) for row, one in ROWS.items()) >= 50


def test_guards_that_are_taken_away_are_missed(verdict: Verdict) -> None:
    assert verdict.guards["noticed"] >= ENOUGH * verdict.guards["of"], verdict.guards["missed"]


def test_the_results_are_those_that_the_page_shows(verdict: Verdict, request: pytest.FixtureRequest) -> None:
    now = {"rows": dict(sorted(verdict.passed.items())), "guards": verdict.guards}
    if request.config.getoption("--update-golden"):
        RESULTS.write_text(json.dumps(now, indent=2) + "\n", "utf-8")
    assert now == results(), "run tests/isolation with --update-golden, then python -m tests.isolation.page"
