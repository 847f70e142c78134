"""What a tenant costs in a month, from its quota and the environment's prices. No pulumi, no network.

The price of a quota is the price of a promise: it assumes that the team holds all of it all the time, so it is
the most that the team can cost, and not a forecast. What the platform runs for the team stands beside the quota and
costs what it takes. Borrowed GPUs come on top, as a ceiling of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from tenantry.errors import InputError, Problem
from tenantry.installs import Install, installs
from tenantry.names import environment_file
from tenantry.quantity import UNITS, to_bytes

if TYPE_CHECKING:
    from tenantry.catalog import EffectiveTenant
    from tenantry.environment import EnvironmentSpec, PricesSpec

HOURS_PER_MONTH = 730
"""Hours in a month, as the AWS Pricing Calculator counts them: 365 days of 24 hours, by 12 months."""

CENT = Decimal("0.01")


@dataclass(frozen=True)
class CostLine:
    """One thing that is paid for."""

    what: str
    """Key of the quota: `cpu`, `memory`, `storage`, `gpus.h100`, or `gpus.borrowed`; of an install, as in
    `pipelines.cpu`."""
    quantity: Decimal
    """How much of it."""
    unit: str
    """What one is: `cpu`, `GiB` or `gpu`."""
    unit_price: Decimal
    """US dollars for one unit for a month, not rounded."""
    monthly_usd: Decimal
    """US dollars for a month, rounded half up to the cent."""
    guaranteed: bool
    """Whether the team may hold it at any time; borrowed GPUs are lent only while nobody else needs them."""
    install: str = ""
    """Key of the tenant's file whose install it is for; empty for the quota."""

    @property
    def amount(self) -> str:
        """How much of what, to three places behind the point, as in `0.724 cpu` and `2.814 GiB of memory`."""
        what = self.what.rpartition(".")[2]
        return f"{round(self.quantity, 3).normalize():,f} {self.unit}" + (f" of {what}" if what != self.unit else "")


@dataclass(frozen=True)
class Cost:
    """A tenant's month in one environment, in US dollars."""

    lines: tuple[CostLine, ...]
    budget_usd: Decimal

    @property
    def guaranteed_usd(self) -> Decimal:
        """What quota and installs cost when all of it is held for the whole month. The sum of the rounded lines."""
        return sum((line.monthly_usd for line in self.lines if line.guaranteed), Decimal("0.00"))

    @property
    def ceiling_usd(self) -> Decimal:
        """The same, and every GPU that the team may borrow held all month too."""
        return sum((line.monthly_usd for line in self.lines), Decimal("0.00"))

    @property
    def over_budget(self) -> bool:
        """Whether what is guaranteed can alone cost more than the budget."""
        return self.guaranteed_usd > self.budget_usd

    @property
    def installs(self) -> dict[str, tuple[CostLine, ...]]:
        """The lines of each install, by its key."""
        keys = dict.fromkeys(line.install for line in self.lines if line.install)
        return {key: tuple(line for line in self.lines if line.install == key) for key in keys}


def monthly_cost(tenant: EffectiveTenant) -> Cost:
    """What a tenant costs in a month in one environment.

    Each line is rounded half up to the cent and totals are sums of rounded lines, so that a table adds up.
    A quantity of zero makes no line. A price of zero makes a line of zero.

    Raises:
        InputError: the environment has no price for a GPU flavor that the tenant asks for.
    """
    return Cost(tuple(_lines(tenant)), Decimal(tenant.spec.budget.monthly_usd))


def _lines(tenant: EffectiveTenant) -> Iterator[CostLine]:
    quota, prices = tenant.spec.quota, tenant.environment.prices
    yield _line("cpu", Decimal(quota.cpu), "cpu", _hourly(prices.cpu_hour))
    yield _line("memory", gib(quota.memory), "GiB", _hourly(prices.memory_gib_hour))
    yield _line("storage", gib(quota.storage), "GiB", _decimal(prices.storage_gib_month))
    for flavor, count in sorted(quota.gpus.items()):
        if count:
            yield _line(f"gpus.{flavor}", Decimal(count), "gpu", _gpu_price(tenant.environment, flavor))
    for install in installs(tenant):
        yield from _of_install(install, prices)
    borrowed = _borrowed(tenant)
    if borrowed:
        dearest = max(_gpu_price(tenant.environment, flavor) for flavor in _flavors(tenant.environment))
        yield _line("gpus.borrowed", Decimal(borrowed), "gpu", dearest, guaranteed=False)


def _of_install(install: Install, prices: PricesSpec) -> Iterator[CostLine]:
    """What an install requests and claims, whether or not anybody uses it."""
    taken = install.footprint
    for what, quantity, unit, price in (
        ("cpu", Decimal(taken.cpu) / 1000, "cpu", _hourly(prices.cpu_hour)),
        ("memory", Decimal(taken.memory) / 1024, "GiB", _hourly(prices.memory_gib_hour)),
        ("storage", Decimal(taken.storage), "GiB", _decimal(prices.storage_gib_month)),
    ):
        if quantity:
            yield replace(_line(f"{install.key}.{what}", quantity, unit, price), install=install.key)


def _line(what: str, quantity: Decimal, unit: str, unit_price: Decimal, *, guaranteed: bool = True) -> CostLine:
    monthly = (quantity * unit_price).quantize(CENT, rounding=ROUND_HALF_UP)
    return CostLine(what, quantity, unit, unit_price, monthly, guaranteed)


def _borrowed(tenant: EffectiveTenant) -> int:
    """GPUs above the guaranteed ones that the tier's ceiling leaves to borrow, of whichever flavor the cluster has."""
    if not tenant.spec.quota.borrow or not _flavors(tenant.environment):
        return 0
    ceiling = tenant.environment.tiers[tenant.spec.tier].ceilings.gpus
    return max(0, ceiling - sum(tenant.spec.quota.gpus.values()))


def _flavors(environment: EnvironmentSpec) -> list[str]:
    return sorted({pool.gpu for pool in environment.node_pools.values() if pool.gpu})


def _gpu_price(environment: EnvironmentSpec, flavor: str) -> Decimal:
    price = environment.prices.gpu_hour.get(flavor)
    if price is None:
        what, fix = f"no price for a GPU of flavor {flavor}", f"Add {flavor}: with the US dollars for an hour of one"
        raise InputError([Problem(environment_file(environment.id), 1, 1, "prices.gpu_hour", what, fix)])
    return _hourly(price)


def _hourly(price: float) -> Decimal:
    return _decimal(price) * HOURS_PER_MONTH


def _decimal(price: float) -> Decimal:
    # Through its shortest spelling, which is what the file says: Decimal(0.1) is not 0.1.
    return Decimal(str(price))


def gib(quantity: str) -> Decimal:
    """A binary quantity (`512Mi`, `64Gi`, `1Ti`) in GiB, exactly."""
    return Decimal(to_bytes(quantity)) / UNITS["Gi"]
