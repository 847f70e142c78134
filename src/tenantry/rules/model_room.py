"""A team's models have room: each replica on a node, all of them at their fewest replicas in the quota."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry.effective import EffectiveTenant
from tenantry.environment import NodePoolSpec
from tenantry.errors import Problem
from tenantry.models.effective import EffectiveModel
from tenantry.models.footprint import ModelFootprint, footprint, replica, total
from tenantry.near import near
from tenantry.quantity import UNITS, to_bytes
from tenantry.rules.gpus import capacity

NAMED = 5
"""Most models that a problem names."""


def replicas(tenant: EffectiveTenant, model: EffectiveModel) -> Iterator[Problem]:
    """No model has more replicas than the tenant's serving allows."""
    serving, asked = tenant.spec.serving, model.spec.replicas
    if serving is not False and asked.highest > serving.max_replicas:
        key = "min" if asked.max is None else "max"
        what = f"{asked.highest} is above serving.max_replicas of {tenant.spec.id} in {tenant.environment.id}"
        yield model.problem(what, f"Write at most {serving.max_replicas}, or raise it there", "replicas", key)


def node(tenant: EffectiveTenant, model: EffectiveModel) -> Iterator[Problem]:
    """A node can hold one replica."""
    gpu, where = model.spec.resources.gpu, tenant.environment.id
    if gpu and gpu.flavor not in (there := capacity(tenant.environment)):
        yield model.problem(f"{where} has no {gpu.flavor}", near(gpu.flavor, there), "resources", "gpu", "flavor")
        return
    flavor = gpu.flavor if gpu else None
    pools = [pool for pool in tenant.environment.node_pools.values() if pool.nodes and pool.gpu == flavor]
    if not any(_fits(replica(model.spec), pool) for pool in pools):
        kind = f"with {flavor}" if flavor else "without GPUs"
        what = f"one replica fits no node {kind} of {where}: {_words(replica(model.spec))}, with Seldon's executor"
        yield model.problem(what, f"Ask for less; the nodes have {_nodes(pools) or 'none'}", "resources")


def quota(tenant: EffectiveTenant) -> Iterator[Problem]:
    """The fewest replicas of all models together fit what the team is guaranteed. Said once, at the largest model."""
    if not tenant.models:
        return
    held, spec = total(footprint(model.spec) for model in tenant.models), tenant.spec.quota
    room = {"cpu": spec.cpu * 1000, "memory": to_bytes(spec.memory) // UNITS["Mi"], "pods": spec.pods}
    for key, most in room.items():
        if getattr(held, key) > most:
            yield _excess(tenant, held, key, f"quota.{key} is {getattr(spec, key)}")
    for flavor, count in held.gpus.items():
        guaranteed = spec.gpus.get(flavor, 0)
        if count > guaranteed and flavor in capacity(tenant.environment):
            # Borrowed GPUs are taken back when their owner needs them, and callers would find nobody.
            yield _excess(tenant, held, flavor, f"quota.gpus guarantees {guaranteed} {flavor}")


def _excess(tenant: EffectiveTenant, held: ModelFootprint, key: str, there: str) -> Problem:
    takers = [(_amount(footprint(model.spec), key), model.spec.id, model) for model in tenant.models]
    takers = sorted((taker for taker in takers if taker[0]), key=lambda taker: (-taker[0], taker[1]))
    named = ", ".join(f"{name} {_unit(amount, key)}" for amount, name, _ in takers[:NAMED])
    more = f" and {len(takers) - NAMED} more" if len(takers) > NAMED else ""
    together = _unit(_amount(held, key), key)
    what = f"models take {together} of {tenant.environment.id} at their fewest replicas: {named}{more}"
    keys = ("resources", "gpu") if key not in {"cpu", "memory", "pods"} else ("resources",)
    return takers[0][2].problem(f"{what}; {there}", "Ask for less, or for a larger quota", *keys)


def _amount(held: ModelFootprint, key: str) -> int:
    return int(getattr(held, key)) if key in {"cpu", "memory", "pods"} else held.gpus[key]


def _unit(amount: int, key: str) -> str:
    if key == "memory":
        return f"{amount} MiB"
    number, noun = (amount / 1000, "cores") if key == "cpu" else (amount, key)
    return f"{number:g} {noun.removesuffix('s') if number == 1 else noun}"


def _fits(one: ModelFootprint, pool: NodePoolSpec) -> bool:
    room = one.cpu <= pool.cpu * 1000 and one.memory <= to_bytes(pool.memory) // UNITS["Mi"]
    return room and one.gpus.total() <= pool.gpus_per_node


def _words(one: ModelFootprint) -> str:
    gpus = "".join(f", {count} {flavor}" for flavor, count in one.gpus.items())
    return f"{_unit(one.cpu, 'cpu')}, {_unit(one.memory, 'memory')}{gpus}"


def _nodes(pools: list[NodePoolSpec]) -> str:
    shapes = {
        f"{pool.cpu} cores, {pool.memory}{f', {pool.gpus_per_node} {pool.gpu}' if pool.gpu else ''}" for pool in pools
    }
    return " or ".join(sorted(shapes))
