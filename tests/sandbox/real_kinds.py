"""A sandbox with real definitions of other projects' kinds: those beside the repository, else a small one of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from tenantry.environment import EnvironmentSpec
from tenantry.kube import Json, Kube
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.kinds import KINDS, permissive
from tests.sandbox.running import running

BESIDE = Path(__file__).parents[3] / "shared" / "crds"
"""Structural schemas of the projects' releases, kept outside of the repository."""
COHORT = next(kind for kind in KINDS if kind.kind == "Cohort")
STRICT = {
    "type": "object",
    "properties": {"spec": {"type": "object", "properties": {"parentName": {"type": "string"}}}},
}


@pytest.fixture(scope="session")
def crds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the definitions lie in."""
    if BESIDE.is_dir():
        return BESIDE
    definition = permissive(COHORT)
    for version in definition["spec"]["versions"]:
        version["schema"]["openAPIV3Schema"] = STRICT
    folder = tmp_path_factory.mktemp("crds")
    (folder / "cohort.yaml").write_text(yaml.safe_dump(definition))
    return folder


@pytest.fixture(scope="session")
def strict(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path], crds: Path
) -> Iterator[Sandbox]:
    """A sandbox that was permissive first, and got the real schemas then. Their files have megabytes: it is shared."""
    with running(tmp_path_factory.mktemp("strict"), environment, programs) as box:
        Kube.from_kubeconfig(box.kubeconfig).create(cohort("before", anything=1), "tests")
        box.up(crds=crds)
        yield box


def cohort(name: str, **spec: object) -> Json:
    """An object whose kind has the one definition that is always real."""
    return {"apiVersion": "kueue.x-k8s.io/v1beta2", "kind": "Cohort", "metadata": {"name": name}, "spec": spec}
