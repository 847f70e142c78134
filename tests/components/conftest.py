"""The one harness of the component tests: state in, declared resources out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.metadata import Marks
from tenantry.catalog import EffectiveTenant, load_tenant
from tenantry.render import Resource
from tenantry.render.program import Program

ROOT = Path(__file__).parents[2]

Declare = Callable[[Callable[[], object]], tuple[Resource, ...]]
"""Runs a program and returns what it declares, what must be there first standing first."""


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    with Program(ROOT) as program:
        yield program


@pytest.fixture
def declare(program: Program) -> Declare:
    def run(declaring: Callable[[], object]) -> tuple[Resource, ...]:
        def main() -> None:
            declaring()

        return program.run(main, "vision.sandbox", {}).resources

    return run


@pytest.fixture
def marks() -> Marks:
    return Marks(tenant="vision", annotations={"tenantry.dev/source": "tenants/vision/tenant.yaml"})


@pytest.fixture(scope="session")
def vision() -> EffectiveTenant:
    """The example tenant with something in every block."""
    return load_tenant(ROOT, "vision", "sandbox")


@pytest.fixture(scope="session")
def nlp() -> EffectiveTenant:
    """The example tenant that has no GPU of its own and borrows."""
    return load_tenant(ROOT, "nlp", "sandbox")
