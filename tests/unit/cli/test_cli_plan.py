"""The plan that a person says yes to."""

from __future__ import annotations

import io

from rich.console import Console

from tenantry.cli.plan import print_changes
from tenantry.engine.results import Change, Operation, StackResult

RED = "\x1b[1;31m"


def shown(operation: Operation) -> str:
    """One line of a plan, as a terminal gets it."""
    change = Change(
        urn="urn:x", type="kubernetes:core/v1:ConfigMap", title="ConfigMap vision/settings", operation=operation
    )
    result = StackResult(
        stack="vision.sandbox",
        outcome="done",
        counts={**StackResult(stack="", outcome="done").counts, operation: 1},
        changes=(change,),
    )
    paper = io.StringIO()
    print_changes([result], Console(file=paper, force_terminal=True, color_system="standard", width=120))
    return paper.getvalue().splitlines()[1]


def test_what_deletes_is_red() -> None:
    assert shown("delete").startswith(f"{RED}  - ConfigMap vision/settings")
    assert shown("replace").startswith(f"{RED}  ± ConfigMap vision/settings (deleted and created anew)")


def test_what_deletes_nothing_is_not() -> None:
    assert RED not in shown("create")
    assert RED not in shown("update")
