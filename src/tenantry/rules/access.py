"""A group belongs to one tenant and has one role in it, so that a person's rights can be read off one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tenantry.effective import EffectiveTenant
from tenantry.errors import Problem
from tenantry.names import environment_file

NAMED = 3
"""Most other tenants that a problem names."""


def _groups(tenant: EffectiveTenant) -> Iterator[tuple[str, str, int]]:
    """Every group with its role and its place in the role's list."""
    for role, groups in tenant.spec.access.model_dump().items():
        for index, group in enumerate(groups):
            yield group, role, index


def one_role(tenant: EffectiveTenant) -> Iterator[Problem]:
    """Groups that stand in two roles: the weaker one says nothing, and misleads."""
    roles: dict[str, str] = {}
    for group, role, index in _groups(tenant):
        first = roles.setdefault(group, role)
        if first != role:
            what, fix = f"{group} is among the {first} too", "Keep one of the two"
            yield tenant.origins[f"access.{role}"].problem(what, fix, index)


def no_platform_group(tenant: EffectiveTenant) -> Iterator[Problem]:
    """Groups of those who run the platform: the rules about ownership do not hold them, so they are no tenant's."""
    environment = tenant.environment
    for group, role, index in _groups(tenant):
        if group in environment.platform_groups:
            what = f"{group} is among the platform_groups of {environment_file(environment.id)}"
            yield tenant.origins[f"access.{role}"].problem(what, "Name a group of the team", index)


def one_tenant(tenants: Sequence[EffectiveTenant]) -> Iterator[Problem]:
    """Groups that more than one tenant names, less those that the environment shares."""
    claims = defaultdict(list)
    for tenant in tenants:
        for group, role, index in _groups(tenant):
            if group not in tenant.environment.shared_groups:
                claims[tenant.environment.id, group].append((tenant, role, index))
    for (environment, group), claimed in claims.items():
        names = sorted({tenant.spec.id for tenant, *_ in claimed})
        for tenant, role, index in claimed if len(names) > 1 else ():
            others = [name for name in names if name != tenant.spec.id]
            more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
            what = f"{group} is a group of {', '.join(others[:NAMED])}{more} too"
            fix = f"A group belongs to one tenant, unless shared_groups of {environment_file(environment)} lists it"
            yield tenant.origins[f"access.{role}"].problem(what, fix, index)
