"""The stack of one tenant in one environment."""

from __future__ import annotations

from pathlib import Path

import pulumi

from components.cluster import Cluster, ClusterArgs
from components.tenant import Tenant, TenantArgs
from infra.handle import PlatformHandle
from tenantry.catalog import load_tenant


async def declare(root: Path, tenant: str, environment: str) -> None:
    """Declare a tenant's platform, on the cluster that its environment's platform stack was made on and on no other."""
    team = load_tenant(root, tenant, environment)
    handle = await PlatformHandle.from_stack(environment)
    cluster = Cluster("cluster", ClusterArgs(environment=environment, context=team.environment.cluster.context))
    await cluster.require(handle.cluster_uid)
    built = Tenant(tenant, TenantArgs(tenant=team), pulumi.ResourceOptions(provider=cluster.provider))
    pulumi.export("namespace", built.namespace)
