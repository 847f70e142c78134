"""The table of attacks, a module a family."""

from __future__ import annotations

from tests.isolation.attack import Attack
from tests.isolation.attacks import access, cluster, network, pods, resources

ATTACKS: tuple[Attack, ...] = (
    *access.ATTACKS,
    *cluster.ATTACKS,
    *pods.ATTACKS,
    *network.ATTACKS,
    *resources.ATTACKS,
)
"""Every attack that is one request, or one workload."""

NEIGHBOURS = (*network.NEIGHBOURS, *resources.NEIGHBOURS)
"""Objects that are there before the attacks, under the name `theirs`: updates are tried on them."""
