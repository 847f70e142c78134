"""Real schemas instead of permissive ones: those beside the repository where they are, else a small one of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.kube import Json, Kube, KubeError
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.kinds import KINDS, Kind
from tenantry.sandbox.progress import Step
from tests.sandbox.real_kinds import COHORT, cohort
from tests.sandbox.waiting import until

DEFINITION = ("apiextensions.k8s.io/v1", "CustomResourceDefinition", COHORT.name)


@pytest.fixture
def strict_kube(strict: Sandbox) -> Kube:
    return Kube.from_kubeconfig(strict.kubeconfig)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_table_agrees_with_what_is_served(kind: Kind, strict_kube: Kube) -> None:
    found = strict_kube.get("apiextensions.k8s.io/v1", "CustomResourceDefinition", kind.name)
    assert found is not None
    spec = found["spec"]
    assert (spec["group"], spec["names"]["kind"], spec["names"]["plural"]) == (kind.group, kind.kind, kind.plural)
    assert (spec["scope"] == "Namespaced") == kind.namespaced
    assert {version["name"] for version in spec["versions"]} == set(kind.versions)
    assert [version["name"] for version in spec["versions"] if version["storage"]] == [kind.versions[0]]


def test_a_real_schema_refuses_what_the_permissive_one_took(strict_kube: Kube) -> None:
    assert strict_kube.get("kueue.x-k8s.io/v1beta2", "Cohort", "before")
    with pytest.raises(KubeError, match=r"unknown field .*anything"):
        strict_kube.create(cohort("after", anything=1), "tests")
    assert strict_kube.create(cohort("after", parentName="before"), "tests")["spec"]["parentName"] == "before"


def test_the_same_files_are_not_applied_twice(strict: Sandbox, strict_kube: Kube, crds: Path) -> None:
    before = revision(strict_kube)
    steps: list[Step] = []
    strict.up(lambda event: steps.append(event) if isinstance(event, Step) else None, crds=crds)
    assert {step.name for step in steps} == {"nodes", "kinds"}
    assert revision(strict_kube) == before


def test_an_up_without_the_files_keeps_the_real_schemas(strict: Sandbox, strict_kube: Kube) -> None:
    before = revision(strict_kube)
    strict.up()
    assert revision(strict_kube) == before


def test_a_definition_that_someone_removed_comes_back(strict: Sandbox, strict_kube: Kube, crds: Path) -> None:
    strict_kube.delete(*DEFINITION, propagation="Background")
    assert until(lambda: strict_kube.get(*DEFINITION) is None)
    strict.up(crds=crds)
    assert until(lambda: "unknown field" in refusal(strict_kube, cohort("again", anything=1))), (
        refusal(strict_kube, cohort("again", anything=1)) or "taken"
    )


def refusal(kube: Kube, item: Json) -> str:
    """What the API server says against an object that would be created; nothing where it agrees."""
    try:
        kube.create(item, "tests", dry_run=True)
    except KubeError as error:
        return error.message
    return ""


def revision(kube: Kube) -> str:
    found = kube.get(*DEFINITION)
    assert found is not None
    return str(found["metadata"]["resourceVersion"])
