"""The README's tour, run as it is written: every command, in its order, and what it prints."""

from __future__ import annotations

import re
from pathlib import Path

from tests.acceptance.checkout import ROOT, run

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Each command of the console blocks, with the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(BLOCK.findall(text)).splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line.rstrip())
    return found


def matches(shown: list[str], printed: list[str]) -> bool:
    """Whether the printed lines are the shown ones, `…` alone standing for any lines and inside one for any text."""
    if not shown:
        return not printed
    if shown[0] == "…":
        return any(matches(shown[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    pattern = re.escape(shown[0]).replace("…", ".*")
    return bool(printed) and bool(re.fullmatch(pattern, printed[0])) and matches(shown[1:], printed[1:])


def test_the_tour_prints_what_the_readme_shows(checkout: Path) -> None:
    tour = steps((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(tour) > 8
    for command, shown in tour:
        printed = run(checkout, command)
        assert matches(shown, printed), f"$ {command}\n" + "\n".join(printed)


def test_a_wildcard_matches_only_what_it_stands_for() -> None:
    assert matches(["a …", "…", "z"], ["a 1", "b", "c", "z"])
    assert not matches(["a …"], ["b 1"])
    assert not matches(["a"], ["a", "b"])
    assert not matches(["a", "…", "z"], ["a", "y"])
