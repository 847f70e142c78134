"""A tenant's cost as a person and as a program reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenantry.cli.output import table

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.table import Table

    from tenantry.cost import Cost


def dollars(amount: Decimal) -> str:
    """US dollars to the cent."""
    return f"${amount:,.2f}"


def cost_table(cost: Cost) -> Table:
    """A line for each thing that is paid for, and the total of the guaranteed ones."""
    rows = [
        (line.what, f"{round(line.quantity, 3).normalize():,f} {line.unit}", dollars(line.monthly_usd))
        for line in cost.lines
    ]
    total = ("guaranteed, of all held all month", "", dollars(cost.guaranteed_usd))
    borrowed = [("with every borrowed GPU", "", dollars(cost.ceiling_usd))]
    rows += [total, *(borrowed if cost.ceiling_usd != cost.guaranteed_usd else [])]
    rows.append(("budget", "", dollars(cost.budget_usd)))
    return table(("COST", "QUANTITY", "USD A MONTH"), rows, right=("QUANTITY", "USD A MONTH"))


def cost_document(cost: Cost) -> dict[str, Any]:
    """The same for a program. Amounts are strings, so that no digit is lost."""
    return {
        "guaranteed_usd": str(cost.guaranteed_usd),
        "ceiling_usd": str(cost.ceiling_usd),
        "budget_usd": str(cost.budget_usd),
        "over_budget": cost.over_budget,
        "lines": [
            {
                "what": line.what,
                "quantity": str(line.quantity),
                "unit": line.unit,
                "monthly_usd": str(line.monthly_usd),
                "guaranteed": line.guaranteed,
            }
            for line in cost.lines
        ],
    }
