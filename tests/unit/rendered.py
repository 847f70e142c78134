"""Rendered stacks written by hand, for tests of what reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Resource:
    urn: str
    type: str
    name: str
    inputs: dict[str, Any]


@dataclass(frozen=True)
class Stack:
    stack: str
    resources: tuple[Resource, ...]


def resource(kind: str, name: str = "vision", *, token: str = "core/v1", **inputs: Any) -> Resource:
    """A namespaced object called as its logical name."""
    full = f"kubernetes:{token}:{kind}"
    metadata = {"name": name, "namespace": "vision"}
    return Resource(f"urn:pulumi:vision.sandbox::tenantry::{full}::{name}", full, name, {"metadata": metadata} | inputs)


def stack(*resources: Resource, name: str = "vision.sandbox") -> Stack:
    return Stack(name, resources)
