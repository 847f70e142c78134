"""Who acts in a tenant's namespace: the groups that its roles are bound to, and its service accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tenantry.kube import Kube

LEVELS: Final = ("admin", "developer", "viewer")
"""Roles, the widest first. They add up: who is bound to one is bound to those after it."""
WORKLOAD: Final = "workload"
"""Level of service accounts."""
EVERYBODY: Final = "system:authenticated"
PROBE: Final = "tenantry-verify"
"""The user that is asked about, and acted as. Nobody's name: rights come from groups alone."""


@dataclass(frozen=True)
class Identity:
    """Somebody, as the API server's authorizers see them."""

    name: str
    """For checks' names: role and group, or `workload` and service account, as in `developer:ml-vision`."""
    level: str
    """The widest role that is theirs, or `workload`."""
    user: str
    groups: tuple[str, ...]


def people(objects: Iterable[Mapping[str, Any]]) -> list[Identity]:
    """One identity for each group that the rendered bindings name."""
    widest: dict[str, str] = {}
    bindings = {item["roleRef"]["name"]: item for item in objects if item["kind"] == "RoleBinding"}
    for level in LEVELS:
        for subject in bindings.get(level, {}).get("subjects") or ():
            widest.setdefault(subject["name"], level)
    return [Identity(f"{level}:{group}", level, PROBE, (group, EVERYBODY)) for group, level in widest.items()]


def workloads(kube: Kube, namespace: str) -> list[Identity]:
    """One identity for each service account that the namespace has now."""
    accounts = {"default", *(item["metadata"]["name"] for item in kube.list("v1", "ServiceAccount", namespace))}
    return [service_account(namespace, name) for name in sorted(accounts)]


def service_account(namespace: str, name: str) -> Identity:
    """A service account with the groups that the API server gives it."""
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", EVERYBODY)
    return Identity(f"{WORKLOAD}:{name}", WORKLOAD, f"system:serviceaccount:{namespace}:{name}", groups)
