"""Rules over services, routes, secrets, volumes, monitoring and ownership, on a real API server."""

from __future__ import annotations

import pytest

from tenantry.kube import Json
from tests.sandbox.admission_cases import EXCLUSIVE, OBJECTS
from tests.sandbox.case import Case
from tests.sandbox.guarded import MANAGER, Guarded, denial, guarded, refusal
from tests.sandbox.monitoring_cases import MONITORING
from tests.sandbox.route_cases import ROUTES
from tests.sandbox.waiting import until

__all__ = ["guarded"]


@pytest.mark.parametrize("case", [*OBJECTS, *ROUTES, *MONITORING], ids=str)
def test_one_field_makes_the_difference(guarded: Guarded, case: Case) -> None:
    assert until(lambda: denial(case.rule, case.says, guarded.attempt(case.bad))), guarded.attempt(case.bad)
    assert guarded.attempt(case.good) == ""


@pytest.mark.parametrize(
    ("rule", "obj", "says"), EXCLUSIVE, ids=lambda value: value["kind"] if isinstance(value, dict) else None
)
def test_who_asks_makes_the_difference(guarded: Guarded, rule: str, obj: Json, says: str) -> None:
    expected = f"kind {obj['kind']} {says}"
    assert until(lambda: denial(rule, expected, guarded.attempt(obj))), guarded.attempt(obj)
    assert refusal(lambda: guarded.admin.create(guarded.here(obj), MANAGER, dry_run=True)) == ""
