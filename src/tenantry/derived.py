"""Every name that is made of a tenant's id, with the length that its owner allows and how far it must be unique."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tenantry import names


@dataclass(frozen=True)
class DerivedName:
    """One kind of name."""

    what: str
    """What bears it, with its article."""
    limit: int
    """Most characters."""
    unique: Literal["cluster", "everywhere"]
    """`cluster`: other environments may have the same name; `everywhere`: none may."""
    spell: Callable[[str, str], str]
    """The name, from the tenant's and the environment's id."""


DERIVED = (
    DerivedName("a namespace", names.DNS_LABEL_MAX, "cluster", lambda tenant, _: names.namespace(tenant)),
    DerivedName("a label", names.DNS_LABEL_MAX, "cluster", lambda tenant, _: tenant),
    DerivedName("a cluster queue", 253, "cluster", lambda tenant, _: names.cluster_queue(tenant)),
    DerivedName("a priority level", 253, "cluster", lambda tenant, _: names.priority_level(tenant)),
    DerivedName("a stack", 100, "everywhere", names.tenant_stack),
    DerivedName("an IAM role", 64, "everywhere", names.workload_role),
    DerivedName("an S3 bucket", 63, "everywhere", names.artifact_bucket),
)
"""Limits: RFC 1123 for namespaces and labels, Kubernetes object names for queues and levels, Pulumi for stacks, AWS for
roles (64) and buckets (63)."""
