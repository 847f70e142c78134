"""Which blocks of a tenant's file have a component that makes them true, told without importing one."""

from __future__ import annotations

from collections.abc import Iterable

WAITING = frozenset({"budget", "monitoring"})
"""Keys that `components.tenant` does not build yet."""


def waiting_blocks(keys: Iterable[str]) -> list[str]:
    """Those keys that are checked and not provisioned yet, in the given order.

    `components.tenant.PROVISIONED` says the same, and a test holds the two together; importing it costs seconds of SDK.
    """
    return [key for key in keys if key in WAITING]
