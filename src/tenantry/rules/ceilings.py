"""Nobody asks for more than the tier's ceiling. The tier's own defaults are the platform team's to keep below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tenantry.effective import EffectiveTenant
from tenantry.environment import CeilingSpec
from tenantry.errors import Problem
from tenantry.quantity import to_bytes
from tenantry.tenant_spec import BudgetSpec, QuotaSpec


@dataclass(frozen=True)
class Excess:
    """One value above its ceiling."""

    key: str
    """Its dotted key, as in `quota.cpu`; `quota.gpus` for the sum over all flavors."""
    asked: int | str
    ceiling: int | str


_QUOTA: tuple[tuple[str, Callable[[QuotaSpec], int | str], Callable[[CeilingSpec], int | str]], ...] = (
    ("quota.cpu", lambda q: q.cpu, lambda c: c.cpu),
    ("quota.memory", lambda q: q.memory, lambda c: c.memory),
    ("quota.storage", lambda q: q.storage, lambda c: c.storage),
    ("quota.pods", lambda q: q.pods, lambda c: c.pods),
    ("quota.gpus", lambda q: sum(q.gpus.values()), lambda c: c.gpus),
)


def excesses(quota: QuotaSpec, budget: BudgetSpec, ceilings: CeilingSpec) -> Iterator[Excess]:
    """Every value that is above its ceiling."""
    for key, asked, ceiling in _QUOTA:
        if _amount(asked(quota)) > _amount(ceiling(ceilings)):
            yield Excess(key, asked(quota), ceiling(ceilings))
    if budget.monthly_usd > ceilings.monthly_usd:
        yield Excess("budget.monthly_usd", budget.monthly_usd, ceilings.monthly_usd)


def of_tenant(tenant: EffectiveTenant) -> Iterator[Problem]:
    """What the tenant's own file asks for beyond the ceilings of its tier."""
    spec, environment = tenant.spec, tenant.environment.id
    for excess in excesses(spec.quota, spec.budget, tenant.environment.tiers[spec.tier].ceilings):
        origins = [o for key, o in tenant.origins.items() if key == excess.key or key.startswith(f"{excess.key}.")]
        own = [origin for origin in origins if origin.layer != "tier"]
        # Without one of its own, the tier's defaults exceed its ceilings: said once, at the environment's file.
        if own:
            together = " with the other flavors" if len(origins) > 1 else ""
            what = f"{excess.asked}{together} is above the ceiling of tier {spec.tier} in {environment}"
            yield own[0].problem(what, f"Ask for at most {excess.ceiling}, or for another tier")


def _amount(value: int | str) -> int:
    return to_bytes(value) if isinstance(value, str) else value
