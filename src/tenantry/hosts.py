"""Host names of a team's services, below the team's own host in the environment's domain.

No host can be too long: a domain has at most 125 characters (`formats.Domain`), an id and a service at most 63 each, so
a host has at most 253, which is what DNS allows.
"""

from __future__ import annotations

from typing import Final, get_args

from tenantry.effective import EffectiveTenant
from tenantry.installs import installs
from tenantry.names import Service
from tenantry.sign_on.admitted import admitted

SERVICES: Final[tuple[Service, ...]] = get_args(Service)
"""Every service that people open."""


def of_team(tenant: str, domain: str) -> str:
    """The team's own host. Everything of the team's lies below it, and nothing of anybody else's."""
    return f"{tenant}.{domain}"


def of_service(service: Service, tenant: str, domain: str) -> str:
    """Host of one service, as in `pipelines.vision.ml.example.com`."""
    return f"{service}.{of_team(tenant, domain)}"


def wanted(tenant: EffectiveTenant) -> tuple[Service, ...]:
    """Services that run for the team."""
    running = {install.key for install in installs(tenant)}
    return tuple(service for service in SERVICES if service in running)


def hosts(tenant: EffectiveTenant) -> dict[Service, str]:
    """Host of every service that people reach through single sign-on.

    None in an environment without it, and none where nobody is let in.
    """
    if not (tenant.environment.sign_on and admitted(tenant.spec)):
        return {}
    domain = tenant.environment.domain
    return {service: of_service(service, tenant.spec.id, domain) for service in wanted(tenant)}


def address(host: str) -> str:
    """What a browser opens."""
    return f"https://{host}/"
