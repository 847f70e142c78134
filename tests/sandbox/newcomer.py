"""A tenant that was never up, and how tests interfere with its first run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tenantry import names
from tenantry.engine import runs
from tenantry.engine.results import Progress
from tenantry.engine.workspace import Workspace
from tests.sandbox.engine_world import World
from tests.sandbox.go_between import GoBetween, between
from tests.sandbox.waiting import until

AUDIT = "audit.sandbox"
TENANT = """\
id: audit
owner: {team: Audit, email: audit@example.com, on_call: audit, cost_center: CC-1}
environments: [sandbox]
access: {admins: [audit-leads], developers: [audit]}
pipelines: false
registry: false
serving: false
"""


@pytest.fixture
def newcomer(world: World) -> Iterator[World]:
    """A tenant that was never up; it is gone afterwards."""
    file = world.root / names.tenant_file("audit")
    file.parent.mkdir(exist_ok=True)
    file.write_text(TENANT)
    yield world
    [gone] = runs.destroy(world.workspace, [AUDIT])
    assert (gone.outcome, gone.error) == ("done", "")
    assert until(lambda: world.kube.get("v1", "Namespace", "audit") is None)
    file.unlink()


@pytest.fixture
def way(world: World, tmp_path: Path) -> Iterator[tuple[GoBetween, Workspace]]:
    """What stands between an engine and the API server, and the workspace whose runs meet it."""
    with between(world.workspace, world.kube.access, tmp_path) as made:
        yield made


def writes(path: str, what: str = "/audit") -> bool:
    """Whether a request's path is that of a write to something of the newcomer's, and does not only rehearse it."""
    return what in path and "fieldManager=" in path and "dryRun=" not in path


def at(step: int, act: Callable[[], None]) -> Callable[[Progress], None]:
    """Watch a run, and act once when that many resources are through."""
    acted: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.phase == "running" and progress.finished >= step and not acted:
            acted.append(step)
            act()

    return watch


def counted(world: World) -> bool:
    """Whether the quota counts as many queues as there are.

    A create that was cut off may stay charged to the quota until the cluster counts again.
    """
    quota = world.kube.get("v1", "ResourceQuota", "tenant", "audit")
    queues = world.kube.list("kueue.x-k8s.io/v1beta2", "LocalQueue", "audit")
    used = quota["status"]["used"] if quota and "used" in quota.get("status", {}) else {}
    return quota is None or used.get("count/localqueues.kueue.x-k8s.io") == str(len(queues))


def uids(world: World) -> dict[str, str]:
    """Uid of every object that the newcomer's state names and the cluster has, by URN."""
    return {urn: live["metadata"]["uid"] for urn, live in world.live(AUDIT).items() if live}
