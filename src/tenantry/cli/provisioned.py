"""Which blocks of a tenant's file have a component that makes them true, found without importing one."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

NO_COMPONENT_NEEDED = frozenset({"id", "owner", "tier", "lifecycle"})
"""Keys that mark or steer every component, and so have none of their own."""


def waiting_blocks(keys: Iterable[str]) -> list[str]:
    """Those keys that are checked and not provisioned yet, in the given order.

    A block `quota` is built by the module `components.quota`: one word in every layer. `components.tenant.PROVISIONED`
    says the same, and a test holds the two together; importing it costs seconds of SDK.
    """
    return [key for key in keys if key not in NO_COMPONENT_NEEDED and find_spec(f"components.{key}") is None]
