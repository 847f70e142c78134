"""`tenantry preview`."""

from __future__ import annotations

import pytest

from tests.unit.cli.calling import Call
from tests.unit.cli.engine_seam import FORECASTING, NLP, PLATFORM, VISION, Runs, result, runs

__all__ = ["runs"]


def test_it_shows_what_up_would_do_and_runs_nothing(call: Call, runs: Runs) -> None:
    runs.plans = {VISION: result(VISION, create=1, update=1, same=7)}
    said = call("preview")
    assert (said.code, runs.asked) == (0, [("preview", (PLATFORM, FORECASTING, NLP, VISION))])
    assert "+ ResourceQuota vision/create-0" in said.out
    assert 'spec.hard["pods"]: 10 → 20' in said.out
    assert said.out.splitlines()[-1].split() == [VISION, "1", "1", "0", "0", "7", "1.5", "done"]
    assert "vision.sandbox: 1 to create, 1 to update" in said.err


def test_creations_beyond_a_dozen_are_counted(call: Call, runs: Runs) -> None:
    runs.plans = {VISION: result(VISION, create=15)}
    said = call("preview", "vision", "--no-platform")
    assert said.out.count("+ ResourceQuota") == 12
    assert "+ 3 more creations" in said.out


@pytest.mark.parametrize(("outcome", "code"), [("failed", 3), ("busy", 3), ("interrupted", 130)])
def test_a_stack_that_cannot_be_previewed_hides_no_other(call: Call, runs: Runs, outcome: str, code: int) -> None:
    runs.plans = {NLP: result(NLP, outcome, error="It said so."), VISION: result(VISION, delete=1)}  # type: ignore[arg-type] # a literal, from the list
    said = call("preview")
    assert said.code == code
    assert "- ResourceQuota vision/delete-0" in said.out
    assert f"nlp.sandbox: {outcome}\nIt said so." in said.out


def test_json(call: Call, runs: Runs) -> None:
    runs.plans = {VISION: result(VISION, update=1)}
    said = call("preview", "vision", "--no-platform", "--refresh", "-o", "json")
    assert (said.code, runs.options["refresh"]) == (0, True)
    [vision] = said.json
    assert vision["changes"][0]["fields"][0]["path"] == 'spec.hard["pods"]'
    assert "basis" not in vision


def test_misuse_runs_nothing(call: Call, runs: Runs) -> None:
    assert (call("preview", "nobody").code, runs.asked) == (2, [])
