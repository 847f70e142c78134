"""Rules over rendered stacks: offline, pure, each with an id, a severity and a reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tenantry.policies import (
    access,
    admission,
    fairness,
    models,
    namespace,
    network,
    order,
    ownership,
    pods,
    quota,
    services,
    sign_on,
)
from tenantry.policies.model import Rule, View, Violation
from tenantry.render.stack import Resource

if TYPE_CHECKING:
    from tenantry.effective import EffectiveTenant

__all__ = ["RULES", "Rule", "Violation", "check"]

RULES: tuple[Rule, ...] = (
    *namespace.RULES,
    *quota.RULES,
    *network.RULES,
    *access.RULES,
    *admission.RULES,
    *fairness.RULES,
    *order.RULES,
    *ownership.RULES,
    *services.RULES,
    *pods.RULES,
    *models.RULES,
    *sign_on.RULES,
)
"""Every rule, by family."""


def check(stack: str, resources: Iterable[Resource], tenant: EffectiveTenant | None) -> list[Violation]:
    """Every rule that a stack breaks, in the order of `RULES`.

    Args:
        stack: its name, as in `vision.prod`.
        resources: what it declares: rendered, or as the engine shows them to a policy pack.
        tenant: what it is made from; None for a platform's stack.
    """
    view = View(stack, tuple(resources), tenant)
    return [
        Violation(
            rule,
            stack,
            str(found.item or ""),
            found.what,
            found.item.resource.urn if found.item else "",
            found.place,
        )
        for rule in RULES
        if rule.applies(view)
        for found in rule.find(view)
    ]
