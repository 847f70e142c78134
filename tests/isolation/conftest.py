"""One sandbox for all attacks. They take its guards away, so it is shared with no other tests."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from tenantry.catalog import load_environment
from tenantry.sandbox.toolchain import CLUSTER, ensure
from tests.isolation.verdict import COUNTED, Verdict
from tests.isolation.workloads import Workloads
from tests.isolation.world import REPOSITORY, World
from tests.sandbox.running import running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count what became of each case, for the last test of this folder to judge."""
    report = yield
    if "tests/isolation/" in item.nodeid:
        item.config.stash.setdefault(COUNTED, Verdict()).take(report)
    return report


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The cluster that is attacked."""
    folder = tmp_path_factory.mktemp("isolation")
    with running(folder, load_environment(REPOSITORY, "sandbox"), ensure(CLUSTER)) as box:
        made = World(box, folder / "repository")
        made.fill()
        yield made


@pytest.fixture(scope="module")
def workloads(world: World) -> Iterator[Workloads]:
    """What became of the pods that workloads' templates ask for."""
    made = Workloads(world)
    yield made
    # Their controllers try again for ever, and would succeed as soon as a guard is taken away.
    made.remove()
