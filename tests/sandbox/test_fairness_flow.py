"""Whose requests take a team's seats, as the API server counts them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenantry.kube import Kube, KubeError
from tenantry.render import render_stack
from tenantry.sandbox.control_plane import Sandbox
from tests.sandbox.waiting import until

ROOT = Path(__file__).parents[2]
KINDS = ("PriorityLevelConfiguration", "FlowSchema")


@pytest.fixture
def flow(kube: Kube) -> Iterator[str]:
    """The example tenant's level and flow, under a name of their own."""
    name = f"tenantry-test-{uuid.uuid4().hex[:8]}"
    made = [obj for obj in render_stack(ROOT, "vision.sandbox").objects() if obj["kind"] in KINDS]
    assert [obj["kind"] for obj in made] == list(KINDS)
    made[1]["spec"]["priorityLevelConfiguration"]["name"] = name
    for obj in made:
        obj["metadata"]["name"] = name
        kube.apply(obj, "tests")
    yield name
    for obj in reversed(made):
        kube.delete(obj["apiVersion"], obj["kind"], name)


def served(kube: Kube, flow: str) -> float:
    """Requests that the flow's level has served so far."""
    metrics = str(kube.raw("GET", "/metrics")["message"])
    counts = re.findall(
        rf'^apiserver_flowcontrol_dispatched_requests_total{{flow_schema="{flow}",.*}} (\S+)$', metrics, re.MULTILINE
    )
    return sum(map(float, counts))


def ask(sandbox: Sandbox, user: str, group: str) -> None:
    """One request, whatever the answer."""
    asking = Kube.from_kubeconfig(sandbox.issue(user, (group,)))
    with pytest.raises(KubeError, match="forbidden"):
        asking.list("v1", "Secret")


def test_a_teams_people_have_a_level_of_their_own_and_a_shared_group_takes_none_of_it(
    sandbox: Sandbox, kube: Kube, flow: str
) -> None:
    def one_more() -> bool:
        ask(sandbox, f"dev-{flow}", "ml-vision")
        return served(kube, flow) > 0

    assert until(one_more)
    before = served(kube, flow)
    ask(sandbox, f"viewer-{flow}", "ml-all")
    assert served(kube, flow) == before
    ask(sandbox, f"dev-{flow}", "ml-vision")
    assert served(kube, flow) > before
