"""Whether somebody has opened the network by hand: policies add up, so one more can undo all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from tenantry.kube import Kube
from tenantry.verify.check import BrokenError, Check

POLICY: Final = ("networking.k8s.io/v1", "NetworkPolicy")


def additions_check(kube: Kube, tenant: str, namespace: str, rendered: Iterable[Mapping[str, Any]]) -> Check:
    """That a namespace has no NetworkPolicy but the rendered ones."""
    known = frozenset(item["metadata"]["name"] for item in rendered if item["kind"] == POLICY[1])
    title = "no NetworkPolicy was added by hand"
    return Check(f"{tenant}/network/additions", title, partial(nothing_added, kube, namespace, known))


def nothing_added(kube: Kube, namespace: str, known: frozenset[str]) -> None:
    """Look for NetworkPolicies that no file asks for.

    Raises:
        BrokenError: there are some.
    """
    if added := sorted({item["metadata"]["name"] for item in kube.list(*POLICY, namespace)} - known):
        what = ", ".join(f"NetworkPolicy {namespace}/{name}" for name in added)
        raise BrokenError(f"{what} is in no file. Delete it, and declare what is needed under network.egress")
