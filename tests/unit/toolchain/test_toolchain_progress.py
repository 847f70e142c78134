from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from rich.console import Console

from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain import (
    Background,
    Event,
    Origin,
    Phase,
    engine_line,
    ensure,
    official_engine,
    report,
    reporting,
    shown,
)
from tenantry.sandbox.toolchain.programs import ENGINE, PROGRAMS
from tenantry.sandbox.toolchain.rendering import amount, clock, names

from .release_site import Site, executable

STAND_IN = "#!/usr/bin/env python3\n# Tenantry's stand-in\n"


def building(done: int, elapsed: float, total: int = 1000) -> Event:
    return Event(
        programs=("etcd",), phase=Phase.BUILDING, done=done, total=total, elapsed=elapsed, left=("etcd", "pulumi")
    )


def lines(*events: Event) -> list[str]:
    console = Console(file=io.StringIO(), force_terminal=False)
    with shown(console) as progress:
        for event in events:
            progress(event)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_without_a_terminal_a_line_now_and_then() -> None:
    told = [building(0, 10), building(40, 12), building(100, 30), building(110, 31), building(1000, 75)]
    assert lines(*told) == [
        "[0:10] building etcd, 0 of 1,000 packages, then pulumi",
        "[0:30] building etcd, 100 of 1,000 packages, about 3:00 to go, then pulumi",
        "[1:15] building etcd, linking, then pulumi",
    ]


def test_a_new_phase_is_told_at_once() -> None:
    ready = Event(programs=("etcd",), phase=Phase.READY, elapsed=11, left=("pulumi",))
    assert lines(building(0, 10), ready)[-1] == "[0:11] ready etcd, then pulumi"


@pytest.mark.parametrize("phase", [Phase.FOUND, Phase.STAND_IN])
def test_what_nobody_waits_for_is_not_told(phase: Phase) -> None:
    assert lines(Event(programs=("etcd",), phase=phase, elapsed=0)) == []


def test_on_a_terminal_there_are_bars() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with shown(console) as progress:
        progress(building(500, 10))
        progress(Event(programs=("kwok",), phase=Phase.DOWNLOADING, done=2 << 20, total=9 << 20, elapsed=11))
    assert isinstance(console.file, io.StringIO)
    drawn = console.file.getvalue()
    assert "building etcd" in drawn
    assert "500 of 1,000 packages" in drawn
    assert "2 of 9 MiB" in drawn


def test_words() -> None:
    assert names(("a", "b", "c")) == "a, b, c"
    assert names(("a", "b", "c", "d")) == "a, b and 2 more"
    assert clock(425.9) == "7:05"
    assert amount(Event(programs=("a",), phase=Phase.FETCHING, done=1200, elapsed=1)) == "1,200 modules"
    assert amount(Event(programs=("a",), phase=Phase.DOWNLOADING, done=5 << 20, elapsed=1)) == "5 MiB"


def test_the_work_goes_on_in_the_background(site: Site, events: list[Event]) -> None:
    site.publish("kwok")
    site.gate = threading.Event()
    with Background(["kwok"]) as toolchain:
        assert toolchain.last is None or toolchain.last.phase is not Phase.READY
        site.gate.set()
        paths = toolchain.wait(events.append)
    assert set(paths) == {"kwok"}
    assert toolchain.last is not None
    assert toolchain.last.phase is Phase.READY


def test_what_goes_wrong_in_the_background_is_raised_where_it_is_waited_for(machine: Path) -> None:
    with Background(["kwok"]) as toolchain, pytest.raises(PlatformError, match="install Go"):
        toolchain.wait()


def test_the_report_of_a_bare_machine(machine: Path) -> None:
    rows = {row.name: row for row in report()}
    assert set(rows) == set(PROGRAMS)
    assert {row.origin for row in rows.values()} == {Origin.MISSING}
    assert "else built with Go 1.26" in rows["etcd"].note
    assert "no Go is here" in rows["etcd"].note
    assert "stand-in takes its place" in rows["pulumi-resource-kubernetes"].note
    assert engine_line() == "engine: none yet"


def test_the_report_tells_what_is_passed_over(machine: Path) -> None:
    path = executable(machine, "kubectl", "#!/bin/sh\necho Client Version: v1.33.1\n")
    [row] = [row for row in report() if row.name == "kubectl"]
    assert row.path is None
    assert row.note.startswith(f"{path} is 1.33.1, >=1.35, <1.38 is needed; ")


def test_the_report_of_what_is_there(machine: Path) -> None:
    path = executable(machine, "kubectl", "#!/bin/sh\necho Client Version: v1.37.1\n")
    [row] = [row for row in report() if row.name == "kubectl"]
    assert (row.origin, row.path, row.version, row.note) == (Origin.PATH, path, "1.37.1", "")


def test_the_engine_is_official_only_if_all_of_it_is(machine: Path) -> None:
    executable(machine, "pulumi", "#!/bin/sh\necho v3.272.0\n")
    executable(machine, "pulumi-language-python", "#!/bin/sh\n")
    executable(machine, "pulumi-resource-kubernetes", STAND_IN)
    assert not official_engine()
    assert engine_line() == "engine: pulumi 3.272.0, official, with stand-ins for pulumi-resource-kubernetes"
    executable(machine, ENGINE[2], "#!/bin/sh\n")
    assert official_engine()
    assert engine_line() == "engine: pulumi 3.272.0, official, with official plugins"


def test_an_engine_built_from_modules_is_not_official(hello: Path, go: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "ENGINE", ("hello",))
    ensure(["hello"])
    assert not official_engine()
