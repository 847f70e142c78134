"""The stack of what all tenants of an environment share."""

from __future__ import annotations

from pathlib import Path

import pulumi

from components.cluster import Cluster, ClusterArgs
from components.platform import Platform, PlatformArgs
from infra.handle import PlatformHandle
from tenantry import names
from tenantry.catalog import load_environment


async def declare(root: Path, environment: str) -> None:
    """Declare the platform of an environment, and export its handle."""
    spec = load_environment(root, environment)
    cluster = Cluster("cluster", ClusterArgs(environment=spec.id, context=spec.cluster.context))
    Platform(names.PLATFORM, PlatformArgs(environment=spec), pulumi.ResourceOptions(provider=cluster.provider))
    PlatformHandle(cluster_uid=await cluster.identity()).exports()
