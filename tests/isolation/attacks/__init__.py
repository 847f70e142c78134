"""The table of attacks, a module a family."""

from __future__ import annotations

from tests.isolation.attack import Attack
from tests.isolation.attacks import access, pods

ATTACKS: tuple[Attack, ...] = (*access.ATTACKS, *pods.ATTACKS)
"""Every attack that is one request, or one workload."""
