"""What came of a verification, for programs and for browsers. JUnit's format is pytest's own to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from typing import Any, Final

from tenantry.verify.check import Result

EXIT_BROKEN: Final = 3
STYLE: Final = (
    "body{font:14px system-ui,sans-serif;margin:2em}table{border-collapse:collapse;width:100%}"
    "td,th{padding:.3em .8em;text-align:left;border-bottom:1px solid #ddd;vertical-align:top}"
    ".failed td:first-child,.error td:first-child{color:#b00;font-weight:bold}.passed td:first-child{color:#070}"
)


def counts(results: Sequence[Result]) -> dict[str, int]:
    """How many checks passed, failed and could not be made."""
    found = Counter(result.outcome for result in results)
    return {"passed": found["passed"], "failed": found["failed"], "error": found["error"]}


def exit_code(results: Sequence[Result]) -> int:
    """0 where every check passed, and there was one."""
    return 0 if results and all(result.outcome == "passed" for result in results) else EXIT_BROKEN


def document(environment: str, results: Sequence[Result]) -> dict[str, Any]:
    """The report as plain data."""
    return {"environment": environment, "counts": counts(results), "checks": [asdict(result) for result in results]}


def html(environment: str, results: Sequence[Result]) -> str:
    """The report as one page without scripts or links, broken checks first."""
    ordered = sorted(results, key=lambda result: result.outcome == "passed")
    heading = f"{escape(environment)}: " + ", ".join(f"{number} {word}" for word, number in counts(results).items())
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>tenantry verify: {escape(environment)}</title><style>{STYLE}</style></head>\n"
        f"<body>\n<h1>{heading}</h1>\n<table>\n"
        "<tr><th>Outcome</th><th>Check</th><th>What must hold</th><th>What is wrong</th><th>Seconds</th></tr>\n"
        + "".join(_row(result) for result in ordered)
        + "</table>\n</body>\n</html>\n"
    )


def _row(result: Result) -> str:
    cells = (result.outcome, result.name, result.title, result.message, f"{result.seconds:.2f}")
    return f'<tr class="{result.outcome}">' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>\n"
