"""Whom the door lets in. Behind it nobody asks again: a team's Pipelines and registry know no users."""

from __future__ import annotations

from tenantry.tenant_spec import TenantSpec


def admitted(spec: TenantSpec) -> tuple[str, ...]:
    """Groups that may come in: those that may run workloads in the team's namespace, in its phase of life.

    Whoever is in acts with the rights of Pipelines itself, so these are the admins and the developers; frozen, the
    admins; offboarding, nobody. Never the viewers: they look on by `kubectl` and see no secret there.
    """
    groups = {
        "active": {*spec.access.admins, *spec.access.developers},
        "frozen": {*spec.access.admins},
    }
    return tuple(sorted(groups.get(spec.lifecycle, ())))
