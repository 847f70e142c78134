"""The same rules where the kinds of other projects have their real schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tenantry.environment import EnvironmentSpec
from tenantry.sandbox.control_plane import Sandbox
from tests.sandbox.guarded import Guarded, denial, make
from tests.sandbox.monitoring_cases import MONITORING
from tests.sandbox.route_cases import ROUTES
from tests.sandbox.waiting import until
from tests.sandbox.workload_cases import MODELS, OTHERS, WORKFLOWS

BESIDE = Path(__file__).parents[3] / "shared" / "crds"
"""Where the real definitions lie; without them the kinds are as permissive as in every sandbox."""


@pytest.fixture(scope="module")
def strict(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> Iterator[Guarded]:
    """A namespace under guard in a sandbox of its own, with the real definitions where they are at hand."""
    box = Sandbox(tmp_path_factory.mktemp("schemas") / "sandbox", environment, programs)
    try:
        box.up(crds=BESIDE if BESIDE.is_dir() else None)
        yield from make(box)
    finally:
        box.down(purge=True)


def test_every_field_makes_the_same_difference(strict: Guarded) -> None:
    cases = (*ROUTES, *MONITORING, *WORKFLOWS, *OTHERS, *MODELS)
    assert until(lambda: denial(cases[0].rule, cases[0].says, strict.attempt(cases[0].bad)), 30)
    answers = {str(case): (strict.attempt(case.good), strict.attempt(case.bad)) for case in cases}
    wrong = {
        str(case): answers[str(case)]
        for case in cases
        if answers[str(case)][0] or not denial(case.rule, case.says, answers[str(case)][1])
    }
    assert wrong == {}
