from __future__ import annotations

import pytest

from tenantry.engine.results import Change, Outcome, StackResult, exit_code


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((), 0),
        (("done", "done"), 0),
        (("done", "failed"), 3),
        (("busy",), 3),
        (("changed",), 3),
        (("skipped", "done"), 3),
        (("failed", "interrupted"), 130),
    ],
)
def test_exit_code(outcomes: tuple[Outcome, ...], code: int) -> None:
    assert exit_code(StackResult(stack=str(i), outcome=outcome) for i, outcome in enumerate(outcomes)) == code


def test_removals_are_what_is_deleted_or_replaced() -> None:
    changes = tuple(
        Change(urn=operation, type="t", title="t", operation=operation)
        for operation in ("create", "update", "replace", "delete")
    )
    assert StackResult(stack="s", outcome="done", changes=changes).removals == {"replace", "delete"}
