"""`tenantry list`: who is here, and how much each may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption
from tenantry.cli.output import out, print_table, table, write_json
from tenantry.cli.project import environment_ids, find_root, known_word

if TYPE_CHECKING:
    from tenantry.catalog import EffectiveTenant

HEADINGS = ("TENANT", "ENVIRONMENT", "TIER", "TEAM", "CPU", "MEMORY", "STORAGE", "GPUS", "USD A MONTH")
NUMBERS = ("CPU", "MEMORY", "STORAGE", "USD A MONTH")


def list_tenants(environment: EnvironmentOption = None, output: FormatOption = "text", root: RootOption = None) -> int:
    """List every tenant: what it may hold and what that costs.

    One line a tenant and environment. The cost is that of the guaranteed quota held for a whole month: the most it can
    come to without borrowed GPUs.

    Examples:
        tenantry list
        tenantry list --env sandbox --output json
    """
    from tenantry.catalog import load_catalog  # noqa: PLC0415 - 0.4 s

    base = find_root(root)
    if environment:
        known_word(environment, environment_ids(base), "environment")
    catalog = load_catalog(base)
    tenants = [
        catalog.effective(entry.id, place)
        for entry in catalog.tenants.values()
        for place in entry.environments
        if environment in (None, place)
    ]
    if output == "json":
        write_json([_document(tenant) for tenant in tenants])
    else:
        print_table(table(HEADINGS, map(_row, tenants), right=NUMBERS), out())
    return 0


def _row(tenant: EffectiveTenant) -> tuple[str, ...]:
    from tenantry.cost import monthly_cost  # noqa: PLC0415 - belongs to the model

    spec, quota = tenant.spec, tenant.spec.quota
    amount = f"{monthly_cost(tenant).guaranteed_usd:,.2f}"
    place = tenant.environment.id
    return spec.id, place, spec.tier, spec.owner.team, str(quota.cpu), quota.memory, quota.storage, gpus(tenant), amount


def gpus(tenant: EffectiveTenant) -> str:
    """A tenant's GPUs in a few words, as in `4 a10g, 2 h100, borrows`."""
    quota = tenant.spec.quota
    words = [f"{count} {flavor}" for flavor, count in sorted(quota.gpus.items()) if count]
    return ", ".join([*words, *(["borrows"] if quota.borrow else [])]) or "none"


def _document(tenant: EffectiveTenant) -> dict[str, Any]:
    from tenantry.cost import monthly_cost  # noqa: PLC0415 - belongs to the model

    spec = tenant.spec
    return {
        "id": spec.id,
        "environment": tenant.environment.id,
        "tier": spec.tier,
        "lifecycle": spec.lifecycle,
        "owner": spec.owner.model_dump(),
        "quota": spec.quota.model_dump(),
        "monthly_usd": str(monthly_cost(tenant).guaranteed_usd),
        "source": tenant.source,
    }
