"""Rules that take more than one value to see. One concern a file; each finds all its problems at once.

Cost: every rule looks at each tenant once and meets the others only through dictionaries, so that the time a tenant
takes does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenantry.effective import EffectiveTenant
from tenantry.environment import EnvironmentSpec
from tenantry.errors import Problem
from tenantry.rules import access, ceilings, gpus, identity, installs, models, network, platform
from tenantry.yaml_source import Document

OF_A_TENANT = (
    identity.reserved,
    ceilings.of_tenant,
    gpus.pools_of_tenant,
    network.egress,
    access.one_role,
    access.no_platform_group,
    models.of_tenant,
    installs.disks,
)
ACROSS_TENANTS = (identity.unique, access.one_tenant, gpus.sums, installs.sums)
OF_AN_ENVIRONMENT = (platform.identity, platform.tiers, platform.pools, platform.capacity, platform.ranges)


def of_tenant(tenant: EffectiveTenant) -> Iterator[Problem]:
    """What is wrong with one tenant in one environment, seen alone."""
    for rule in OF_A_TENANT:
        yield from rule(tenant)


def across(tenants: Iterable[EffectiveTenant]) -> Iterator[Problem]:
    """What is wrong between tenants, in all environments."""
    everyone = list(tenants)
    for rule in ACROSS_TENANTS:
        yield from rule(everyone)


def of_environment(environment: EnvironmentSpec, document: Document) -> Iterator[Problem]:
    """What is wrong with an environment's file."""
    for rule in OF_AN_ENVIRONMENT:
        yield from rule(environment, document)
