"""Every guard is needed: with it taken away, the attack that it stops goes on to the next guard, or succeeds."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.isolation.attack import DEFAULT, Attack
from tests.isolation.attacks import ATTACKS
from tests.isolation.client import Answer
from tests.isolation.guards import SERVER, Guard
from tests.isolation.removal import without
from tests.isolation.workloads import ROUTE
from tests.isolation.world import World
from tests.sandbox.waiting import until

Removed = tuple[Guard, ...]


def removals() -> dict[Removed, list[tuple[Attack, int]]]:
    """Guards to take away together, and the attacks that must then get further, with how many guards they pass."""
    found: dict[Removed, list[tuple[Attack, int]]] = defaultdict(list)
    for attack in ATTACKS:
        if attack.route != ROUTE:
            guards = [stop.guard for stop in attack.stops]
            for passed in range(1, len(guards) + 1):
                if SERVER not in guards[:passed]:
                    found[tuple(guards[:passed])].append((attack, passed))
    return dict(sorted(found.items()))


REMOVALS = removals()


def test_there_is_something_to_take_away() -> None:
    assert len(REMOVALS) > 5


@pytest.mark.parametrize("removed", REMOVALS, ids=lambda removed: "+".join(map(str, removed)))
def test_without(removed: Removed, world: World) -> None:
    with without(world, removed):
        stuck = [why for attack, passed in REMOVALS[removed] if (why := stays(world, attack, passed))]
    assert not stuck, "\n".join(stuck)
    world.noticed.add(removed[-1])


def stays(world: World, attack: Attack, passed: int) -> str:
    """Why an attack does not get past so many guards, or its control does not. Empty where they do."""
    identity = next(one for one in attack.identities if one != DEFAULT)
    answer = until(lambda: _further(attack, passed, world.ask(attack.expendable, identity)))
    if answer is None:
        return f"{attack.row}-{attack.name}: {world.ask(attack.expendable, identity)}"
    if attack.wide and attack.control and passed == 1:
        control = world.ask(attack.control.rehearsed(), identity)
        return "" if attack.done(control) else f"control of {attack.row}-{attack.name}: {control}"
    return ""


def _further(attack: Attack, passed: int, answer: Answer) -> Answer | None:
    further = attack.stops[passed].said(answer) if passed < len(attack.stops) else attack.done(answer)
    return answer if further else None
