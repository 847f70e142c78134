"""The same rules where the kinds of other projects have their real schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tenantry.environment import EnvironmentSpec
from tenantry.sandbox.control_plane import Sandbox
from tests.sandbox.case import Case
from tests.sandbox.guarded import Guarded, denial, make
from tests.sandbox.monitoring_cases import MONITORING
from tests.sandbox.route_cases import ROUTES
from tests.sandbox.waiting import until
from tests.sandbox.workload_cases import MODELS, OTHERS, WORKFLOWS

BESIDE = Path(__file__).parents[3] / "shared" / "crds"
"""Where the real definitions lie; without them the kinds are as permissive as in every sandbox."""
JUDGED = ("argo-workflows", "istio", "kubeflow-pipelines", "prometheus-operator", "seldon-core")
"""Beginnings of the files' names whose kinds the rules look into."""


@pytest.fixture(scope="module")
def strict(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> Iterator[Guarded]:
    """A namespace under guard in a sandbox of its own, with the real definitions where they are at hand."""
    folder = tmp_path_factory.mktemp("schemas")
    for file in BESIDE.glob("*.yaml"):
        if file.name.startswith(JUDGED):
            (folder / file.name).symlink_to(file)
    box = Sandbox(folder / "sandbox", environment, programs)
    try:
        box.up(crds=folder if BESIDE.is_dir() else None)
        yield from make(box)
    finally:
        box.down(purge=True)


def test_every_field_makes_the_same_difference(strict: Guarded) -> None:
    wrong = [
        (str(case), strict.attempt(case.good), strict.attempt(case.bad))
        for case in (*ROUTES, *MONITORING, *WORKFLOWS, *OTHERS, *MODELS)
        if strict.attempt(case.good) or not refused(strict, case)
    ]
    assert wrong == []


def refused(strict: Guarded, case: Case) -> bool:
    """Whether the rule refuses it, once the API server has taken the rule up."""
    return until(lambda: denial(case.rule, case.says, strict.attempt(case.bad)))
