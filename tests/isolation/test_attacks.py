"""Every attack is refused for the reason it should be, and its sister that differs in one field is done."""

from __future__ import annotations

import pytest

from tests.isolation.attack import DEFAULT, DEVELOPER, Case, cases
from tests.isolation.attacks import ATTACKS
from tests.isolation.workloads import ROUTE, Workloads
from tests.isolation.world import World

REQUESTS = [case for case in cases(ATTACKS) if case.attack.route != ROUTE]
CONTROLS = [case for case in REQUESTS if not case.attack.wide]
TEMPLATES = [case for case in cases(ATTACKS) if case.attack.route == ROUTE]


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: case.id)
def test_refused(case: Case, world: World) -> None:
    answer = world.ask(case.attack.call, case.identity)
    assert case.stops[0].said(answer), f"expected {case.stops[0]}, was answered {answer}"


@pytest.mark.parametrize("case", CONTROLS, ids=lambda case: case.id)
def test_control_is_done(case: Case, world: World) -> None:
    """Who may nothing at all differs from who may in the one field that matters: who he is."""
    attack = case.attack
    if attack.control:
        who = attack.allowed_to or (DEVELOPER if case.identity == DEFAULT else case.identity)
        answer = world.ask_once(attack.control, who)
    else:
        answer = world.ask(attack.expendable, "platform")
    assert attack.done(answer), str(answer)


@pytest.mark.parametrize("case", TEMPLATES, ids=lambda case: case.id)
def test_no_pod_comes_of_a_template(case: Case, workloads: Workloads) -> None:
    outcome = workloads.outcome(case.attack, control=False)
    assert outcome.answer == ""
    assert outcome.pods == 0
    assert [message for message in outcome.failures if case.stops[0].in_words(message)], outcome.failures


@pytest.mark.parametrize("case", TEMPLATES, ids=lambda case: case.id)
def test_a_pod_comes_of_the_control_s_template(case: Case, workloads: Workloads) -> None:
    outcome = workloads.outcome(case.attack, control=True)
    assert (outcome.answer, outcome.pods) == ("", 1), outcome.failures


def test_a19_no_pod_of_the_attacker_is_on_a_node_of_others(workloads: Workloads, world: World) -> None:
    """After all these attacks and controls, and before any guard is taken away: not one pod has strayed."""
    placed = [one["spec"].get("nodeName", "") for one in world.kube.list("v1", "Pod", world.own)]
    assert [node for node in placed if node]
    assert [node for node in placed if node.startswith("h100")] == []
