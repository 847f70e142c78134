"""Rules over custom resources that carry pods, on a real API server."""

from __future__ import annotations

import pytest

from tests.sandbox.admission_cases import Case
from tests.sandbox.guarded import Guarded, denial, guarded
from tests.sandbox.waiting import until
from tests.sandbox.workload_cases import DEEP, MODELS, OTHERS, WORKFLOWS

__all__ = ["guarded"]


@pytest.mark.parametrize("case", [*WORKFLOWS, *OTHERS, *MODELS], ids=str)
def test_one_field_makes_the_difference(guarded: Guarded, case: Case) -> None:
    assert until(lambda: denial(case.rule, case.says, guarded.attempt(case.bad)), 10), guarded.attempt(case.bad)
    assert guarded.attempt(case.good) == ""


def test_a_graph_that_is_too_deep_to_read_is_refused(guarded: Guarded) -> None:
    says = "spec.predictors.graph.children is deeper than 4 levels, further than a rule can read"
    assert denial("model-sources", says, guarded.attempt(DEEP)), guarded.attempt(DEEP)
