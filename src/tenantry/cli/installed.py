"""What the platform runs for a tenant, as a person and as a program reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenantry.cli.money import dollars
from tenantry.cli.output import table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from rich.table import Table

    from tenantry.catalog import EffectiveTenant
    from tenantry.cost import Cost, CostLine

HEADINGS = ("INSTALL", "VERSION", "URL", "TAKES", "USD A MONTH")


def install_table(tenant: EffectiveTenant, cost: Cost) -> Table:
    """A line for each install. Where no host leads to it, the command that opens it stands for its URL."""
    rows = [
        (
            one["product"],
            one["version"],
            one["url"] or f"tenantry open {one['key']} {tenant.spec.id}",
            ", ".join(line.amount for line in cost.installs[one["key"]]),
            dollars(_total(cost.installs[one["key"]])),
        )
        for one in install_documents(tenant, cost)
    ]
    return table(HEADINGS, rows, right=("USD A MONTH",))


def install_documents(tenant: EffectiveTenant, cost: Cost) -> list[dict[str, Any]]:
    """The same for a program. `url` is null where no host leads there."""
    from tenantry.hosts import address, hosts  # noqa: PLC0415 - belongs to the model
    from tenantry.installs import installs  # noqa: PLC0415 - belongs to the model

    urls = {str(service): address(host) for service, host in hosts(tenant).items()}
    return [
        {
            "key": one.key,
            "product": one.product,
            "version": one.version,
            "url": urls.get(one.key),
            "monthly_usd": str(_total(cost.installs[one.key])),
        }
        for one in installs(tenant)
    ]


def _total(lines: Sequence[CostLine]) -> Decimal:
    return sum((line.monthly_usd for line in lines[1:]), lines[0].monthly_usd)
