"""A sandbox and the machine that it runs on, looked at from outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import testinfra
from testinfra.host import Host

from tenantry.catalog import load_environment
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.toolchain import CLUSTER, ensure
from tests.acceptance.checkout import ROOT, make, run
from tests.sandbox.running import running


@pytest.fixture(scope="package")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A running sandbox of the repository's own environment."""
    folder = tmp_path_factory.mktemp("acceptance")
    with running(folder, load_environment(ROOT, "sandbox"), ensure(CLUSTER)) as box:
        yield box


@pytest.fixture(scope="package")
def host() -> Host:
    """This machine."""
    return testinfra.get_host("local://")


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A newcomer's checkout; its sandbox is stopped in the end."""
    root = make(tmp_path / "tenantry")
    yield root
    run(root, "tenantry sandbox down --purge --yes")
