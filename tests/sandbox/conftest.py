"""One sandbox for all tests here; it starts when the first test asks for it, and leaves nothing behind."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tenantry.catalog import load_environment
from tenantry.environment import EnvironmentSpec
from tenantry.kube import Kube
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.toolchain import CLUSTER, ensure
from tests.sandbox.engine_world import world
from tests.sandbox.newcomer import newcomer, way
from tests.sandbox.real_kinds import crds, strict
from tests.sandbox.running import running
from tests.sandbox.waiting import until

__all__ = ["crds", "newcomer", "strict", "way", "world"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def programs() -> Mapping[str, Path]:
    """The control plane's programs, downloaded or built where the machine lacks them."""
    return ensure(CLUSTER)


@pytest.fixture(scope="session")
def environment() -> EnvironmentSpec:
    """The repository's own sandbox environment."""
    return load_environment(ROOT, "sandbox")


@pytest.fixture(scope="session")
def sandbox(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> Iterator[Sandbox]:
    """A running sandbox. Tests share it: make what you need in a namespace of your own, and stop none of its parts."""
    with running(tmp_path_factory.mktemp("shared"), environment, programs) as box:
        yield box


@pytest.fixture(scope="session")
def kube(sandbox: Sandbox) -> Kube:
    """The sandbox's API server, as its administrator."""
    return Kube.from_kubeconfig(sandbox.kubeconfig)


@pytest.fixture
def namespace(kube: Kube) -> Iterator[str]:
    """A namespace for one test, with its default service account in place."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, "tests")
    assert until(lambda: kube.get("v1", "ServiceAccount", "default", name)), "the controllers made no service account"
    yield name
    kube.delete("v1", "Namespace", name, propagation="Background")
