"""The same rules where the kinds of other projects have their real schemas."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tenantry.kube import Json
from tenantry.sandbox.control_plane import Sandbox
from tests.sandbox.case import Case
from tests.sandbox.guarded import Guarded, denial, make
from tests.sandbox.monitoring_cases import MONITORING
from tests.sandbox.route_cases import ROUTES
from tests.sandbox.waiting import until
from tests.sandbox.workload_cases import MODELS, OTHERS, WORKFLOWS


@pytest.fixture(scope="module")
def judged(strict: Sandbox) -> Iterator[Guarded]:
    """A namespace under guard in the sandbox with the real definitions, where they are at hand."""
    yield from make(strict)


def test_every_field_makes_the_same_difference(judged: Guarded) -> None:
    wrong = [
        (str(case), judged.attempt(whole(case.good)), judged.attempt(whole(case.bad)))
        for case in (*ROUTES, *MONITORING, *WORKFLOWS, *OTHERS, *MODELS)
        if judged.attempt(whole(case.good)) or not refused(judged, case)
    ]
    assert wrong == []


def whole(obj: Json) -> Json:
    """The object with what only the real schema asks for."""
    return obj | {"status": {}} if obj["kind"] == "ScheduledWorkflow" else obj


def refused(judged: Guarded, case: Case) -> bool:
    """Whether the rule refuses it, once the API server has taken the rule up; or the real schema, which comes first."""
    return until(lambda: _no(case, judged.attempt(whole(case.bad))))


def _no(case: Case, answer: str) -> bool:
    return denial(case.rule, case.says, answer) or '" is invalid: ' in answer
