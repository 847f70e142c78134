"""The resource that an operation is about, as the engine names it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One resource of one stack."""

    urn: str
    token: str
    """Its type, as in `kubernetes:core/v1:Namespace`."""
    name: str
    """Its logical name."""

    @property
    def stack(self) -> str:
        """Name of its stack."""
        return self.urn.split("::", 1)[0].rpartition(":")[2]


def target(urn: str) -> Target:
    """The resource of a URN: `urn:pulumi:<stack>::<project>::<types>::<name>`."""
    _, _, types, name = urn.split("::", 3)
    return Target(urn, types.rpartition("$")[2], name)
