"""One sandbox for all attacks. They take its guards away, so it is shared with no other tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tenantry.catalog import load_environment
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.toolchain import CLUSTER, ensure
from tests.isolation.workloads import Workloads
from tests.isolation.world import REPOSITORY, World


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The cluster that is attacked."""
    folder = tmp_path_factory.mktemp("isolation")
    box = Sandbox(folder / "sandbox", load_environment(REPOSITORY, "sandbox"), ensure(CLUSTER))
    try:
        box.up()
        made = World(box, folder / "repository")
        made.fill()
        yield made
    finally:
        box.down(purge=True)


@pytest.fixture(scope="package")
def workloads(world: World) -> Workloads:
    """What became of the pods that workloads' templates ask for."""
    return Workloads(world)
