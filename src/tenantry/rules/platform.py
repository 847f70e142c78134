"""An environment's file holds together: its tiers fit their ceilings, its ceilings fit its pools."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry.cidr import overlap
from tenantry.environment import EnvironmentSpec
from tenantry.errors import Problem
from tenantry.names import DNS_LABEL_MAX, environment_file, priority_class
from tenantry.near import near
from tenantry.quantity import to_bytes
from tenantry.rules import gpus
from tenantry.rules.ceilings import excesses
from tenantry.yaml_source import Document, Keys, dotted


def _problem(document: Document, keys: Keys, what: str, fix: str) -> Problem:
    return Problem(*document.value(keys), dotted(keys), what, fix)


def identity(environment: EnvironmentSpec, document: Document) -> Iterator[Problem]:
    """The id is the file's name, and the default tier is one of the tiers."""
    if document.path != environment_file(environment.id):
        name = document.path.rpartition("/")[2].removesuffix(".yaml")
        what = f'is "{environment.id}", and its file is "{name}.yaml"'
        yield _problem(document, ("id",), what, f'Write "{name}", or rename the file')
    if environment.default_tier and environment.default_tier not in environment.tiers:
        fix = near(environment.default_tier, environment.tiers)
        yield _problem(document, ("default_tier",), f'no tier "{environment.default_tier}"', fix)


def tiers(environment: EnvironmentSpec, document: Document) -> Iterator[Problem]:
    """Defaults fit the ceilings and the pools, and names that are made of a tier fit."""
    there = gpus.capacity(environment)
    for name, tier in environment.tiers.items():
        defaults: Keys = ("tiers", name, "defaults")
        for excess in excesses(tier.defaults.quota, tier.defaults.budget, tier.ceilings):
            what = f"{excess.asked} is above the tier's own ceiling"
            yield _problem(document, (*defaults, *excess.key.split(".")), what, f"Write at most {excess.ceiling}")
        for flavor, count in tier.defaults.quota.gpus.items():
            if count and flavor not in there:
                keys = (*defaults, "quota", "gpus", flavor)
                yield _problem(document, keys, f"no pool has {flavor}", near(flavor, there))
        if len(priority_class(name)) > DNS_LABEL_MAX:
            what = f"makes a priority class of {len(priority_class(name))} characters"
            yield _problem(document, ("tiers", name), what, f"Choose a name that leaves at most {DNS_LABEL_MAX}")


def pools(environment: EnvironmentSpec, document: Document) -> Iterator[Problem]:
    """A pool has a flavor and a number of GPUs, or neither; and every flavor has a price."""
    for name, pool in environment.node_pools.items():
        keys: Keys = ("node_pools", name)
        if pool.gpu and not pool.gpus_per_node:
            yield _problem(document, keys, "has a flavor of GPU and no GPUs", "Write gpus_per_node, from 1 to 16")
        if pool.gpus_per_node and not pool.gpu:
            yield _problem(document, keys, "has GPUs and no flavor", "Write gpu with their flavor")
        if pool.gpu and pool.gpu not in environment.prices.gpu_hour:
            what, fix = f"has no price for {pool.gpu}", f"Write {pool.gpu} with the US dollars for an hour of one"
            yield _problem(document, ("prices", "gpu_hour"), what, fix)


def capacity(environment: EnvironmentSpec, document: Document) -> Iterator[Problem]:
    """No ceiling is above what all pools hold together: nobody could ever get it."""
    every = environment.node_pools.values()
    held = {
        "cpu": sum(pool.nodes * pool.cpu for pool in every),
        "memory": sum(pool.nodes * to_bytes(pool.memory) for pool in every),
        "gpus": sum(gpus.capacity(environment).values()),
    }
    for name, tier in environment.tiers.items():
        ceilings = tier.ceilings
        asked = {"cpu": ceilings.cpu, "memory": to_bytes(ceilings.memory), "gpus": ceilings.gpus}
        for key, most in held.items():
            if asked[key] > most:
                there = f"{most // 2**30}Gi" if key == "memory" else most
                what = f"{getattr(ceilings, key)} is more than all pools hold together"
                yield _problem(document, ("tiers", name, "ceilings", key), what, f"Write at most {there}")


def ranges(environment: EnvironmentSpec, document: Document) -> Iterator[Problem]:
    """Pods and services have ranges apart. Nodes and pods may share one, as in an AWS VPC."""
    if overlap(environment.network.pods, environment.network.services):
        what = f"{environment.network.services} overlaps the range of the pods, {environment.network.pods}"
        yield _problem(document, ("network", "services"), what, "Write the cluster's two ranges")
