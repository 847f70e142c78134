"""docs/isolation.md's tables, from the attacks and what the last whole run said. `python -m tests.isolation.page`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.isolation.attacks import ATTACKS
from tests.isolation.rows import ROWS

PAGE = Path(__file__).parents[2] / "docs/isolation.md"
RESULTS = Path(__file__).with_name("results.json")
START, END = "<!-- made by tests/isolation/page.py -->", "<!-- end of what is made -->"


def results() -> dict[str, Any]:
    """What the last whole run said: cases by row, and guards taken away."""
    found: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))
    return found


def tests_of(row: str) -> str:
    """Where the row is attacked."""
    names = sorted({attack.name for attack in ATTACKS if attack.row == row})
    listed = ", ".join(f"`{name}`" for name in names[:3])
    if not names:
        return f"`-k {row.lower()}_`"
    return f"{listed} and {len(names) - 3} more" if len(names) > 3 else listed


def made() -> str:
    """The part of the page that is made."""
    ran = results()
    head = ["| | attack | guard | test | result |", "|---|---|---|---|---|"]
    lines = [
        f"| {row} | {one.title} | {one.guard} | {tests_of(row)} | {_result(row, ran)} |" for row, one in ROWS.items()
    ]
    open_rows = [f"- **{row}**: {one.elsewhere}." for row, one in ROWS.items() if one.elsewhere]
    guards = ran["guards"]
    summary = (
        f"{sum(one.live for one in ROWS.values())} of {len(ROWS)} rows are proven on a real API server, "
        f"by {sum(ran['rows'].values())} cases. "
        f"Of {guards['of']} guards, taken away one by one, {guards['noticed']} were missed at once by an attack"
        + (f"; not: {', '.join(guards['missed'])}." if guards["missed"] else ".")
    )
    return "\n".join([summary, "", *head, *lines, "", "## What cannot be shown here", "", *open_rows])


def _result(row: str, ran: dict[str, Any]) -> str:
    cases = ran["rows"].get(row, 0)
    if not ROWS[row].live:
        return f"not shown ({cases} cases of a part)" if cases else "not shown"
    return f"held in {cases} cases"


def whole(text: str) -> str:
    """The page with its made part made anew."""
    before, rest = text.split(START)
    return f"{before}{START}\n{made()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(whole(PAGE.read_text("utf-8")), "utf-8")
