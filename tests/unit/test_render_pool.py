"""Rendering in several processes gives what rendering in this one gives."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import pytest

from tenantry.errors import InputError, PlatformError, Problem
from tenantry.render import render_stacks
from tenantry.render.pool import WORTH, processes

ROOT = Path(__file__).parents[2]
STACKS = ["vision.sandbox", "platform.sandbox", "nlp.sandbox", "forecasting.sandbox"]


def test_two_processes_give_the_same_in_the_same_order() -> None:
    here = list(render_stacks(ROOT, STACKS, parallel=1))
    assert list(render_stacks(ROOT, STACKS, parallel=2)) == here
    assert [rendered.stack for rendered in here] == STACKS


def test_an_error_is_the_same_from_another_process(tmp_path: Path) -> None:
    for part in ("tenants", "infra"):
        shutil.copytree(ROOT / part, tmp_path / part)
    file = tmp_path / "tenants/nlp/tenant.yaml"
    file.write_text(file.read_text("utf-8") + "gpuz: 1\n", "utf-8")
    errors: list[tuple[Problem, ...]] = []
    for parallel in (1, 2):
        rendered = render_stacks(tmp_path, STACKS, parallel=parallel)
        assert [next(rendered).stack, next(rendered).stack] == STACKS[:2]
        with pytest.raises(InputError) as raised:
            next(rendered)
        errors.append(raised.value.problems)
    assert errors[0] == errors[1]
    assert errors[0][0].key == "gpuz"


def test_a_process_that_is_killed_is_told_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: small\nmain: infra/\nruntime: python\n", "utf-8")
    (tmp_path / "infra/__main__.py").write_text(
        f"import os\nassert os.getpid() != {os.getpid()}\nos._exit(9)\n", "utf-8"
    )
    with pytest.raises(PlatformError, match="short of memory"):
        list(render_stacks(tmp_path, ["platform.sandbox"], parallel=2))


def test_few_stacks_are_not_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert [processes(stacks) for stacks in (0, 1, 2 * WORTH - 1, 2 * WORTH, 1000)] == [1, 1, 1, 2, 4]


def test_an_input_error_keeps_its_problems_between_processes() -> None:
    error = InputError([Problem("tenants/a/tenant.yaml", 1, 2, "id", "it is no name", "Give it one")])
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.problems, str(copy)) == (error.problems, str(error))
