"""`tenantry up`: what it asks, what it runs, and how it leaves."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tenantry.cli import ask
from tenantry.cli import up as up_module
from tenantry.engine import workspace as engine_workspace
from tenantry.errors import PlatformError
from tests.unit.cli.calling import Call
from tests.unit.cli.engine_seam import FORECASTING, NLP, PLATFORM, VISION, Runs, result, runs

__all__ = ["runs"]

Types = Callable[[str | io.StringIO], None]
EVERY = (PLATFORM, FORECASTING, NLP, VISION)


@pytest.fixture
def changing(runs: Runs) -> Runs:
    """Two of four stacks are not what the files say."""
    runs.plans = {NLP: result(NLP, create=2, same=3), VISION: result(VISION, update=1, delete=1, replace=1)}
    return runs


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Types:
    """Somebody is there to be asked, and types this."""
    for module in (ask, up_module):
        monkeypatch.setattr(module, "somebody_is_there", lambda: True)
    return lambda typed: monkeypatch.setattr("sys.stdin", io.StringIO(typed) if isinstance(typed, str) else typed)


def test_it_plans_everything_and_runs_what_differs(call: Call, changing: Runs) -> None:
    said = call("up", "--yes")
    assert said.code == 0
    assert changing.asked == [("preview", EVERY), ("up", (NLP, VISION))]
    assert [plan.stack for plan in changing.options["plan"]] == list(EVERY)
    assert [line.split()[0] for line in said.out.splitlines()] == ["STACK", *EVERY]
    assert "- ResourceQuota vision/delete-0" in said.err
    assert "± ResourceQuota vision/replace-0 (deleted and created anew)" in said.err
    assert 'spec.hard["pods"]: 10 → 20' in said.err
    assert "vision.sandbox: 1 updated, 1 replaced, 1 deleted (1.5 s)" in said.err


def test_where_nothing_differs_nothing_runs_and_nobody_is_asked(call: Call, runs: Runs, types: Types) -> None:
    types("")
    said = call("up")
    assert (said.code, runs.asked) == (0, [("preview", EVERY)])
    assert "Change" not in said.err


def test_without_a_terminal_nothing_is_even_planned(call: Call, changing: Runs) -> None:
    said = call("up")
    assert (said.code, said.out, changing.asked) == (2, "", [])
    assert "Agree beforehand with --yes" in said.err


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("", 130)])
def test_a_person_is_asked_with_what_would_be_lost(
    call: Call, changing: Runs, types: Types, typed: str, code: int
) -> None:
    types(typed)
    said = call("up")
    assert said.code == code
    assert [verb for verb, _ in changing.asked] == (["preview", "up"] if code == 0 else ["preview"])
    assert "Change 2 stacks of sandbox, deleting 2 resources? [y/N]" in said.err
    assert ("Nothing was changed." in said.err) is (code == 1)


def test_ctrl_c_at_the_question_changes_nothing(call: Call, changing: Runs, types: Types) -> None:
    class Impatient(io.StringIO):
        def readline(self, *_: object) -> str:  # type: ignore[override] # typeshed types a base of it
            raise KeyboardInterrupt

    types(Impatient())
    said = call("up")
    assert (said.code, len(changing.asked)) == (130, 1)


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("done", 0), ("failed", 3), ("busy", 3), ("changed", 3), ("skipped", 3), ("interrupted", 130)],
)
def test_how_one_stack_ends_decides_how_it_leaves(call: Call, changing: Runs, outcome: str, code: int) -> None:
    changing.ends = {VISION: result(VISION, outcome, error="" if code == 0 else "It said so.")}  # type: ignore[arg-type] # a literal, from the list
    said = call("up", "--yes")
    assert said.code == code
    assert (f"vision.sandbox: {outcome}\nIt said so." in said.err) is (code != 0)
    assert said.out.splitlines()[-1].endswith(outcome)


def test_a_plan_that_fails_stops_only_its_own_stack(call: Call, changing: Runs) -> None:
    changing.plans[FORECASTING] = result(FORECASTING, "failed", error="Its program is broken.")
    said = call("up", "--yes")
    assert said.code == 3
    assert changing.asked[1:] == [("up", (NLP, VISION))]
    assert "Its program is broken." in said.err


def test_json_is_all_that_is_on_stdout(call: Call, changing: Runs) -> None:
    changing.ends = {NLP: result(NLP, "failed", error="No.")}
    said = call("up", "--yes", "--output", "json")
    assert said.code == 3
    assert [(one["stack"], one["outcome"], one["error"]) for one in said.json] == [
        (PLATFORM, "done", ""),
        (FORECASTING, "done", ""),
        (NLP, "failed", "No."),
        (VISION, "done", ""),
    ]
    assert said.json[3]["counts"] == {"create": 0, "update": 1, "replace": 1, "delete": 1, "same": 0}
    assert "basis" not in said.json[0]


def test_options_reach_the_engine(call: Call, changing: Runs) -> None:
    call("up", "--yes", "--refresh", "--parallel", "3")
    assert (changing.options["refresh"], changing.options["parallel"]) == (True, 3)
    call("up", "--yes")
    assert (changing.options["refresh"], changing.options["parallel"]) == (False, None)


@pytest.mark.parametrize(
    ("arguments", "were_up", "stacks"),
    [
        (["vision"], (), (PLATFORM, VISION)),
        (["vision"], (PLATFORM,), (VISION,)),
        (["vision", "nlp", "vision"], (PLATFORM,), (VISION, NLP)),
        (["vision", "--platform"], (PLATFORM,), (PLATFORM, VISION)),
        (["--no-platform"], (), (FORECASTING, NLP, VISION)),
        ([], (PLATFORM,), EVERY),
    ],
)
def test_the_platform_comes_along_where_it_must(
    call: Call, runs: Runs, arguments: list[str], were_up: tuple[str, ...], stacks: tuple[str, ...]
) -> None:
    for stack in were_up:
        runs.deployed(stack)
    assert call("up", "--yes", *arguments).code == 0
    assert runs.asked == [("preview", stacks)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["visoin"], 'Did you mean "vision"?'),
        (["--env", "sandbx"], 'Did you mean "sandbox"?'),
        (["--parallel", "0"], "--parallel"),
        (["--output", "yaml"], "--output"),
    ],
)
def test_misuse_runs_nothing(call: Call, runs: Runs, arguments: list[str], words: str) -> None:
    said = call("up", "--yes", *arguments)
    assert (said.code, runs.asked) == (2, [])
    assert words in said.err


def test_one_wrong_file_of_anybody_stops_everything(call: Call, runs: Runs, project: Path) -> None:
    (project / "tenants/nlp/tenant.yaml").write_text("id: nlp\nquotas: {}\n")
    said = call("up", "vision", "--yes")
    assert (said.code, runs.asked) == (1, [])
    assert "tenants/nlp/tenant.yaml:2:1" in said.err


def test_an_engine_that_is_not_there_leaves_with_3(call: Call, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise PlatformError("The engine is not here. Get it.")

    monkeypatch.setattr(engine_workspace, "workspace", missing)
    said = call("up", "--yes")
    assert (said.code, said.err, runs.asked) == (3, "Error: The engine is not here. Get it.\n", [])
