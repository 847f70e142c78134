"""The table of contents of a team's platform: which concern is built, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components import metadata
from components.access import Access, AccessArgs
from components.namespace import Namespace, NamespaceArgs, is_protected
from components.network import Network, NetworkArgs
from components.queue import Queue, QueueArgs
from components.quota import Quota, QuotaArgs
from tenantry import names
from tenantry.catalog import EffectiveTenant

PROVISIONED = frozenset({"id", "owner", "tier", "access", "quota", "network", "lifecycle"})
"""Keys of a tenant's file that a component makes true. The others are checked, and wait for theirs."""


@dataclass(frozen=True, kw_only=True)
class TenantArgs:
    """What a team's platform is made from."""

    tenant: EffectiveTenant


class Tenant(pulumi.ComponentResource):
    """Everything that one team gets in one environment.

    Guards before guests: nobody holds a right in the namespace before its quota, queue and network policies are
    there, and whoever removes the tenant takes the rights first.
    """

    namespace: pulumi.Output[str]
    """Name of the team's namespace."""

    def __init__(self, name: str, args: TenantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Tenant", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        spec, environment = args.tenant.spec, args.tenant.environment
        marks = metadata.of_tenant(args.tenant)
        ceiling = environment.tiers[spec.tier].ceilings.gpus
        namespace = Namespace(
            f"{name}-namespace",
            NamespaceArgs(
                marks=marks,
                name=names.namespace(spec.id),
                tier=spec.tier,
                lifecycle=spec.lifecycle,
                protect=is_protected(environment.cluster, spec.lifecycle),
            ),
            here,
        ).name
        quota = Quota(
            f"{name}-quota",
            QuotaArgs(
                marks=marks, namespace=namespace, quota=spec.quota, gpu_ceiling=ceiling, lifecycle=spec.lifecycle
            ),
            here,
        )
        network = Network(
            f"{name}-network",
            NetworkArgs(marks=marks, namespace=namespace, network=spec.network, cluster=environment.network),
            here,
        )
        queue = Queue(
            f"{name}-queue",
            QueueArgs(
                marks=marks,
                tenant=spec.id,
                namespace=namespace,
                quota=spec.quota,
                gpu_ceiling=ceiling,
                node_pools=environment.node_pools,
                lifecycle=spec.lifecycle,
            ),
            here,
        )
        Access(
            f"{name}-access",
            AccessArgs(marks=marks, namespace=namespace, access=spec.access, lifecycle=spec.lifecycle),
            pulumi.ResourceOptions(parent=self, depends_on=[quota, network, queue]),
        )
        self.namespace = namespace
        self.register_outputs({"namespace": self.namespace})
