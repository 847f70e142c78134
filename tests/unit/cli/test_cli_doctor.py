"""`tenantry doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.sandbox.toolchain import reporting
from tenantry.sandbox.toolchain.found import Origin
from tenantry.sandbox.toolchain.reporting import ProgramReport
from tests.unit.cli.calling import Call

STAND_IN = ProgramReport("pulumi-resource-kubernetes", Origin.MISSING, None, "", ">=4", "a stand-in takes its place")


def row(name: str, path: str | None = "/opt/bin") -> ProgramReport:
    if path is None:
        return ProgramReport(name, Origin.MISSING, None, "", ">=3.6, <4", "built with Go")
    return ProgramReport(name, Origin.PATH, Path(path, name), "3.6.16", ">=3.6, <4", "")


def machine(monkeypatch: pytest.MonkeyPatch, *rows: ProgramReport) -> None:
    monkeypatch.setattr(reporting, "report", lambda: list(rows))
    monkeypatch.setattr(reporting, "engine_line", lambda: "engine: pulumi 3.259.0")


def test_a_machine_that_has_everything(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, row("etcd"), STAND_IN)
    said = call("doctor")
    assert said.code == 0
    marks = {line.split()[1]: line.split()[0] for line in said.out.splitlines()[1:]}
    assert marks == {"python": "✓", "git": "✓", "disk": "✓", "etcd": "✓", "pulumi-resource-kubernetes": "-"}
    assert "Nothing is missing." in said.err
    assert "pulumi-resource-kubernetes: a stand-in takes its place." in said.err


def test_what_is_missing_is_named_with_the_way_to_it(
    call: Call, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(monkeypatch, row("etcd", None), row("kwok", None))
    said = call("doctor")
    assert said.code == 3
    assert [line.split()[:3] for line in said.out.splitlines()[-2:]] == [
        ["✗", "etcd", "missing"],
        ["✗", "kwok", "missing"],
    ]
    assert "etcd, kwok: built with Go." in said.err
    assert "make toolchain" in said.err


@pytest.mark.parametrize(("path", "code"), [("/opt/bin", 0), (None, 3)])
def test_json(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch, path: str | None, code: int) -> None:
    machine(monkeypatch, row("etcd", path))
    said = call("doctor", "--output", "json")
    assert (said.code, said.json["good"]) == (code, code == 0)
    assert said.json["findings"][-1] == {
        "name": "etcd",
        "found": "3.6.16 /opt/bin/etcd (path)" if path else "",
        "wanted": ">=3.6, <4",
        "needed": True,
        "advice": "" if path else "built with Go",
        "good": code == 0,
    }


def test_a_disk_that_is_nearly_full_is_no_failure(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1e9}))
    said = call("doctor")
    assert said.code == 0
    assert "disk: make room: building the toolchain fills it." in said.err


def test_outside_of_a_repository_it_is_a_misuse(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("doctor").code == 2
