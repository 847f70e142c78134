"""What twenty generated tenants would get, field by field, before an API server that refuses what it does not know."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from bench.generate import ENVIRONMENT, write
from tenantry.catalog import load_catalog
from tenantry.guards.parameters import NAME
from tenantry.kube import Kube
from tenantry.kube_errors import KubeError
from tenantry.names import PLATFORM, TENANT_LABEL
from tenantry.render import render_stacks

COUNT = 20
MANAGER = "generated"


def is_ground(item: dict[str, Any]) -> bool:
    """Whether other objects cannot be tried without it: namespaces, and the parameters without which nothing runs."""
    return bool(item["kind"] == "Namespace" or item["metadata"]["name"] == NAME)


@pytest.fixture(scope="module")
def objects(kube: Kube, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """Everything rendered; the ground of it is made, and taken away again."""
    root = tmp_path_factory.mktemp("generated")
    write(root, COUNT, seed=11)
    stacks = [f"platform.{ENVIRONMENT}", *load_catalog(root).stacks()]
    found = [item for stack in render_stacks(root, stacks) for item in stack.objects()]
    tenants = [item for item in found if is_ground(item) and item["metadata"]["labels"][TENANT_LABEL] != PLATFORM]
    for item in tenants:
        kube.apply(item, MANAGER)
    yield found
    for item in tenants:
        if item["kind"] == "Namespace":
            kube.delete("v1", "Namespace", item["metadata"]["name"], propagation="Background")


def test_every_object_is_taken_as_it_is(kube: Kube, objects: list[dict[str, Any]]) -> None:
    refused = {}
    for item in objects:
        try:
            kube.apply(item, MANAGER, force=True, dry_run=True)
        except KubeError as error:
            refused[item["kind"], item["metadata"].get("namespace"), item["metadata"]["name"]] = str(error)
    assert refused == {}
    assert len({item["metadata"]["name"] for item in objects if item["kind"] == "Namespace"}) == COUNT + 1
    assert len(objects) > COUNT * 20


@pytest.mark.parametrize(
    ("kind", "where"),
    [("ResourceQuota", "spec"), ("NetworkPolicy", "spec"), ("ValidatingAdmissionPolicy", "spec"), ("Role", "rules")],
)
def test_a_field_that_the_api_does_not_know_is_refused(
    kube: Kube, objects: list[dict[str, Any]], kind: str, where: str
) -> None:
    typo = copy.deepcopy(next(item for item in objects if item["kind"] == kind))
    block = typo[where]
    (block[0] if isinstance(block, list) else block)["surprise"] = "yes"
    with pytest.raises(KubeError, match="surprise"):
        kube.apply(typo, MANAGER, force=True, dry_run=True)
