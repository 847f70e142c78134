"""`tenantry status`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tenantry import status as status_module
from tenantry.cli.status import bar, state
from tenantry.errors import PlatformError
from tenantry.status import QuotaUse, TenantStatus
from tests.unit.cli.calling import Call

WELL = TenantStatus(
    tenant="vision",
    environment="sandbox",
    stack="vision.sandbox",
    deployed=True,
    updated=datetime(2026, 11, 24, 8, 30, tzinfo=UTC),
    resources=31,
    missing=(),
    pending=0,
    phase="Active",
    lifecycle="active",
    quota=(QuotaUse("cpu", "16", "64", 0.25), QuotaUse("pods", "200", "200", 1.0)),
)


@pytest.fixture
def asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The tenants that were asked for; all of them are well, but nlp has lost something."""
    calls: list[tuple[str, ...]] = []

    def read(root: Path, environment: str, tenants: Sequence[str]) -> list[TenantStatus]:
        assert (root, environment) == (project, "sandbox")
        calls.append(tuple(tenants))
        missing = {"nlp": ("NetworkPolicy nlp/default-deny",)}
        pending = {"nlp": 2}
        return [replace(WELL, tenant=t, missing=missing.get(t, ()), pending=pending.get(t, 0)) for t in tenants]

    monkeypatch.setattr(status_module, "status", read)
    return calls


def test_a_line_a_tenant_and_one_for_all_that_is_wrong(call: Call, asked: list[tuple[str, ...]]) -> None:
    said = call("status")
    assert (said.code, asked) == (0, [("forecasting", "nlp", "vision")])
    lines = said.out.splitlines()
    assert lines[0].split() == ["TENANT", "STATE", "RESOURCES", "UPDATED", "CPU", "MEMORY", "GPUS", "STORAGE", "PODS"]
    assert lines[3].split()[:3] == ["vision", "active", "31"]
    assert "██░░░░ 16/64" in lines[3]
    assert "██████ 200/200" in lines[3]
    assert lines[2].split()[:3] == ["nlp", "drifted", "(1)"]
    assert "nlp: NetworkPolicy nlp/default-deny is gone from the cluster." in lines
    assert "nlp: a killed run left 2 operations; the next up clears them." in lines


def test_json(call: Call, asked: list[tuple[str, ...]]) -> None:
    said = call("status", "vision", "--output", "json")
    assert (said.code, asked) == (0, [("vision",)])
    [vision] = said.json
    assert (vision["tenant"], vision["updated"]) == ("vision", "2026-11-24T08:30:00+00:00")
    assert vision["quota"][0] == {"resource": "cpu", "used": "16", "hard": "64", "share": 0.25}


def test_misuse_asks_nothing(call: Call, asked: list[tuple[str, ...]]) -> None:
    assert (call("status", "nobody").code, asked) == (2, [])


def test_a_cluster_that_does_not_answer_leaves_with_3(
    call: Call, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise PlatformError("The API server does not answer.")

    monkeypatch.setattr(status_module, "status", away)
    said = call("status")
    assert (said.code, said.out, said.err) == (3, "", "Error: The API server does not answer.\n")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "active"),
        ({"lifecycle": "frozen"}, "frozen"),
        ({"lifecycle": None}, "active"),
        ({"phase": "Terminating"}, "terminating"),
        ({"phase": None}, "drifted (0)"),
        ({"missing": ("Role vision/admin",)}, "drifted (1)"),
        ({"deployed": False, "phase": None}, "not deployed"),
    ],
)
def test_how_a_tenant_is_in_a_word(changes: dict[str, object], words: str) -> None:
    assert state(replace(WELL, **changes)).plain == words  # type: ignore[arg-type] # fields of every type


@pytest.mark.parametrize(
    ("use", "drawn", "style"),
    [
        (QuotaUse("cpu", "0", "0", 0.0), "░░░░░░ 0/0", "green"),
        (QuotaUse("cpu", "48", "64", 0.75), "████░░ 48/64", "green"),
        (QuotaUse("cpu", "52", "64", 0.8125), "█████░ 52/64", "yellow"),
        (QuotaUse("cpu", "90", "64", 1.4), "██████ 90/64", "red"),
    ],
)
def test_a_bar_fills_and_changes_its_colour(use: QuotaUse, drawn: str, style: str) -> None:
    found = bar(use)
    assert found.plain == drawn
    assert style in {str(span.style) for span in found.spans} or use.used == "0"


def test_what_was_not_counted_yet_has_no_bar() -> None:
    assert bar(None).plain == "-"
