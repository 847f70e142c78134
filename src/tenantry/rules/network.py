"""Egress goes out of the cluster: no rule reaches pods, services or nodes, which have policies of their own."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry.cidr import overlap
from tenantry.effective import EffectiveTenant
from tenantry.errors import Problem


def egress(tenant: EffectiveTenant) -> Iterator[Problem]:
    """Destinations that lie in the cluster."""
    own = tenant.environment.network.model_dump()
    for index, destination in enumerate(tenant.spec.network.egress):
        for what, cidr in own.items():
            if overlap(destination.cidr, cidr):
                problem = f"{destination.cidr} holds addresses of the {what} of {tenant.environment.id} ({cidr})"
                fix = "Name a range outside the cluster"
                yield tenant.origins["network.egress"].problem(problem, fix, index, "cidr")
