"""`tenantry doctor`: what this machine lacks, and how to get it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tenantry.cli.options import FormatOption, RootOption
from tenantry.cli.output import out, print_table, say, table, write_json
from tenantry.cli.project import find_root

if TYPE_CHECKING:
    from rich.text import Text

    from tenantry.sandbox.toolchain.reporting import ProgramReport

LACKING: Final = 3
"""Exit code while something needed is missing."""
ROOM_GB: Final = 6
"""GB that building the toolchain from nothing takes, Go's caches included. Measured."""


@dataclass(frozen=True)
class Finding:
    """One thing that is needed."""

    name: str
    found: str
    """Version and place of what is there. Empty: missing."""
    wanted: str
    needed: bool
    """Whether anything fails without it. The rest makes something better, or has a substitute."""
    advice: str
    """What to do about it. Empty: nothing."""

    @property
    def good(self) -> bool:
        """Whether nothing has to be done."""
        return bool(self.found) or not self.needed


def doctor(*, output: FormatOption = "text", root: RootOption = None) -> int:
    """Tell what this machine lacks and how to get it.

    Leaves with 3 if something needed is missing. Nothing is downloaded, built or changed.

    Examples:
        tenantry doctor
    """
    from tenantry.sandbox.toolchain.reporting import engine_line, report  # noqa: PLC0415 - asks each program

    base = find_root(root)
    findings = [*_machine(base), *map(_program, report())]
    good = all(finding.good for finding in findings)
    if output == "json":
        write_json({"good": good, "findings": [{**asdict(one), "good": one.good} for one in findings]})
        return 0 if good else LACKING
    print_table(table(("", "WHAT", "FOUND", "WANTED"), map(_row, findings)), out())
    for advice, names in _advice(findings).items():
        say(f"\n{', '.join(names)}: {advice}.")
    say(f"\n{engine_line()}")
    say("Nothing is missing." if good else "Get every program at once: make toolchain", "green" if good else "bold")
    return 0 if good else LACKING


def _machine(root: Path) -> Iterable[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", f"{python} {sys.executable}", ">=3.11", needed=True, advice="")
    git = shutil.which("git") or ""
    advice = "" if git else "install it: diff reads revisions with it"
    yield Finding("git", git, "any version", needed=True, advice=advice)
    free = shutil.disk_usage(root).free / 1e9
    advice = "" if free >= ROOM_GB else "make room: building the toolchain fills it"
    yield Finding("disk", f"{free:.0f} GB free", f"{ROOM_GB} GB", needed=False, advice=advice)


def _program(row: ProgramReport) -> Finding:
    from tenantry.sandbox.toolchain.programs import PROGRAMS  # noqa: PLC0415 - loaded already

    found = f"{row.version} {row.path} ({row.origin})".strip() if row.path else ""
    # A plugin without a Go module has a stand-in.
    return Finding(row.name, found, row.wanted, needed=PROGRAMS[row.name].source is not None, advice=row.note)


def _row(one: Finding) -> tuple[Text | str, ...]:
    from rich.text import Text  # noqa: PLC0415 - loaded already, by the console

    sign, style = ("✓", "green") if one.found else ("✗", "red") if one.needed else ("-", "yellow")
    return Text(sign, style=style), one.name, one.found or "missing", one.wanted


def _advice(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """What to do, and for which of them: the same words are said once."""
    found: dict[str, list[str]] = {}
    for one in findings:
        if one.advice:
            found.setdefault(one.advice, []).append(one.name)
    return found
