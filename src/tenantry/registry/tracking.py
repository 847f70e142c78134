"""Where Pipelines of a team tracks its runs: in the team's own registry."""

from __future__ import annotations

from tenantry import names
from tenantry.effective import EffectiveTenant
from tenantry.hosts import hosts
from tenantry.pipelines.server_file import Tracking
from tenantry.registry import words


def tracking_of(tenant: EffectiveTenant) -> Tracking | None:
    """The registry of a tenant that wants one, with links between the pages of both where people can open them."""
    if tenant.spec.registry is False:
        return None
    pages = {service: f"https://{host}" for service, host in hosts(tenant).items()}
    address = words.url(names.namespace(tenant.spec.id))
    return Tracking(url=address, page=pages.get("registry"), runs=pages.get("pipelines"))
