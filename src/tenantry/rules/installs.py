"""What the platform runs for the teams has room: it runs day and night, and cannot be promised twice as a quota can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tenantry.effective import EffectiveTenant
from tenantry.environment import EnvironmentSpec
from tenantry.errors import Problem
from tenantry.installs import installs
from tenantry.names import environment_file
from tenantry.quantity import UNITS, to_bytes

CPU, MEMORY = "cpu", "memory"
UNIT = {CPU: 1000, MEMORY: 1024}
"""What stands for one core and one GiB in a footprint."""
WORD = {CPU: "cores", MEMORY: "GiB of memory"}


def capacity(environment: EnvironmentSpec) -> dict[str, int]:
    """What the nodes without GPUs hold, in a footprint's units; those with GPUs are kept for who asks for one."""
    plain = [pool for pool in environment.node_pools.values() if not pool.gpu]
    return {
        CPU: sum(pool.nodes * pool.cpu for pool in plain) * UNIT[CPU],
        MEMORY: sum(pool.nodes * to_bytes(pool.memory) for pool in plain) // UNITS["Mi"],
    }


def disks(tenant: EffectiveTenant) -> Iterator[Problem]:
    """What keeps something on a disk is in an environment that has volumes."""
    if tenant.environment.storage_classes:
        return
    for one in installs(tenant):
        if one.footprint.storage:
            what = f"{one.product} keeps what it knows on disks, and {tenant.environment.id} has no storage_classes"
            fix = f"Write {one.key}: false, or list a class in {environment_file(tenant.environment.id)}"
            yield _problem(tenant, one.key, what, fix)


def sums(tenants: Sequence[EffectiveTenant]) -> Iterator[Problem]:
    """All installs of an environment fit its nodes together. Said once, where the largest one is asked for."""
    environments = {tenant.environment.id: tenant.environment for tenant in tenants}
    taken: dict[tuple[str, str], list[tuple[int, str, EffectiveTenant, str]]] = defaultdict(list)
    for tenant in tenants:
        for one in installs(tenant):
            for resource, much in ((CPU, one.footprint.cpu), (MEMORY, one.footprint.memory)):
                taken[tenant.environment.id, resource].append((-much, tenant.spec.id, tenant, one.key))
    for (name, resource), held in taken.items():
        there, wanted = capacity(environments[name])[resource], -sum(much for much, *_ in held)
        if wanted > there:
            _, _, tenant, key = min(held, key=lambda one: one[:2])
            unit = UNIT[resource]
            what = f"{len(held)} installs of {name} take {-(-wanted // unit)} {WORD[resource]} together"
            fix = (
                f"Its nodes without GPUs have {there // unit}: add some, or write false for a team that can do without"
            )
            yield _problem(tenant, key, what, fix)


def _problem(tenant: EffectiveTenant, key: str, what: str, fix: str) -> Problem:
    """A problem of a whole block, at its place or at that of its first value."""
    name, origin = next(one for one in tenant.origins.items() if one[0] == key or one[0].startswith(f"{key}."))
    problem = origin.problem(what, fix)
    return replace(problem, key=problem.key.removesuffix(name.removeprefix(key)))
