"""Guaranteed GPUs are there: the flavor has a pool, and the guarantees of all tenants fit the pools together.

Only GPUs: they are dear and never shared, so a guarantee that does not hold is a broken promise. CPU, memory and
disk may be promised to more teams than could use them at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tenantry.effective import EffectiveTenant
from tenantry.environment import EnvironmentSpec
from tenantry.errors import Problem
from tenantry.near import near

NAMED = 5
"""Most tenants that a problem names."""


def capacity(environment: EnvironmentSpec) -> dict[str, int]:
    """GPUs of an environment by flavor, every node there."""
    found: dict[str, int] = defaultdict(int)
    for pool in environment.node_pools.values():
        if pool.gpu:
            found[pool.gpu] += pool.nodes * pool.gpus_per_node
    return {flavor: count for flavor, count in found.items() if count}


def pools_of_tenant(tenant: EffectiveTenant) -> Iterator[Problem]:
    """Every flavor that the tenant's own file asks for has a pool."""
    there = capacity(tenant.environment)
    for flavor, count in tenant.spec.quota.gpus.items():
        origin = tenant.origins[f"quota.gpus.{flavor}"]
        if count and flavor not in there and origin.layer != "tier":
            yield origin.problem(f"{tenant.environment.id} has no {flavor}", near(flavor, there))


def sums(tenants: Sequence[EffectiveTenant]) -> Iterator[Problem]:
    """The guarantees of all tenants fit the pools, flavor by flavor. Said once, where the largest one is written."""
    guarantees = defaultdict(list)
    environments = {}
    for tenant in tenants:
        environments[tenant.environment.id] = tenant.environment
        for flavor, count in tenant.spec.quota.gpus.items():
            if count:
                guarantees[tenant.environment.id, flavor].append((-count, tenant.spec.id, tenant))
    for (name, flavor), held in guarantees.items():
        there, promised = capacity(environments[name]).get(flavor, 0), -sum(count for count, *_ in held)
        if promised > there > 0:
            held.sort(key=lambda one: one[:2])
            what = f"{name} has {there} {flavor}, and {promised} are guaranteed: {_who(held)}"
            fix = f"Take {promised - there} back, or add nodes to the pool"
            yield held[0][2].origins[f"quota.gpus.{flavor}"].problem(what, fix)


def _who(held: Sequence[tuple[int, str, EffectiveTenant]]) -> str:
    named = [f"{tenant} {-count}" for count, tenant, _ in held[:NAMED]]
    rest = held[NAMED:]
    if rest:
        named.append(f"{len(rest)} more tenants {-sum(count for count, *_ in rest)}")
    return ", ".join(named)
