"""Any one guard taken away by hand: `tenantry verify` fails, and names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from tenantry import names
from tenantry.catalog import load_catalog
from tenantry.environment import EnvironmentSpec
from tenantry.kube import Json, Kube
from tenantry.render import RenderedStack, render_stacks
from tenantry.sandbox.control_plane import Sandbox
from tenantry.verify.check import Check
from tenantry.verify.place import Cluster, connect, look
from tenantry.verify.plan import PROBES, plan
from tenantry.verify.run import run
from tests.sandbox.waiting import until

ROOT = Path(__file__).parents[2]
TENANT = "nlp"
MANAGER = "tests"


@cache
def rendered() -> dict[str, RenderedStack]:
    """What the demo's platform and one of its tenants render to."""
    stacks = [f"{owner}.sandbox" for owner in (names.PLATFORM, TENANT)]
    return dict(zip((names.PLATFORM, TENANT), render_stacks(ROOT, stacks), strict=True))


def guards() -> dict[str, Json]:
    """Every object of theirs that can go without all of the tenant's going, by its check's name."""
    return {
        f"{owner}/object/{item['kind']}/{item['metadata']['name']}": item
        for owner, stack in rendered().items()
        for item in stack.objects()
        if item["kind"] != "Namespace"
    }


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> Iterator[Cluster]:
    """A sandbox of our own, for what is taken away there would be missed by others."""
    box = Sandbox(tmp_path_factory.mktemp("verify") / "sandbox", environment, programs)
    try:
        box.up()
        kube = connect(ROOT, environment, box.kubeconfig)
        for stack in rendered().values():
            for item in stack.objects():
                kube.apply(item, MANAGER)
        made = look(ROOT, load_catalog(ROOT), "sandbox", (TENANT,), kube)
        assert until(lambda: not broken(plan(made))), broken(plan(made))
        yield made
    finally:
        box.down(purge=True)


def broken(checks: Sequence[Check]) -> dict[str, str]:
    """What does not hold, with the reason."""
    return {result.name: result.message for result in run(checks) if result.outcome != "passed"}


def delete(kube: Kube, item: Json) -> None:
    metadata = item["metadata"]
    address = item["apiVersion"], item["kind"], metadata["name"], metadata.get("namespace")
    kube.delete(*address)
    assert until(lambda: kube.get(*address) is None)


def within(checks: Sequence[Check], prefix: str) -> list[Check]:
    return [check for check in checks if check.name.startswith(prefix)]


@pytest.mark.parametrize("name", guards())
def test_a_guard_that_was_deleted_is_named_and_nothing_else(cluster: Cluster, name: str) -> None:
    item = guards()[name]
    delete(cluster.kube, item)
    try:
        found = broken(within(plan(cluster), name.partition("/object/")[0] + "/object/"))
        assert list(found) == [name]
        assert "is not in the cluster" in found[name]
    finally:
        cluster.kube.apply(item, MANAGER)


@pytest.mark.parametrize("guard", sorted({probe.guard for probe in PROBES if not probe.words}))
def test_a_rule_that_is_no_longer_bound_is_noticed_by_what_it_admits(cluster: Cluster, guard: str) -> None:
    item = guards()[f"{names.PLATFORM}/object/ValidatingAdmissionPolicyBinding/tenantry-{guard}"]
    mine = within(plan(cluster), f"{TENANT}/admission/{guard}")
    assert until(lambda: not broken(mine)), broken(mine)
    delete(cluster.kube, item)
    try:
        assert until(lambda: broken(mine)), f"{guard} is gone, and nothing was admitted"
    finally:
        cluster.kube.apply(item, MANAGER)
