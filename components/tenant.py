"""The table of contents of a team's platform: which concern is built, and in which order.

Guards are listed in `_guards`; who moves in after them, in `components.guests`. A concern that gets its component is
added to one of the two, and its key to `PROVISIONED`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components import metadata
from components.fairness import Fairness, FairnessArgs
from components.guard import Guard, GuardArgs
from components.guests import GUESTS, Site
from components.namespace import Namespace, NamespaceArgs, is_protected
from components.network import Network, NetworkArgs
from components.queue import Queue, QueueArgs
from components.quota import Quota, QuotaArgs
from tenantry import names
from tenantry.catalog import EffectiveTenant
from tenantry.guards.parameters import parameters
from tenantry.installs import installs

PROVISIONED = frozenset(
    {"id", "owner", "tier", "access", "quota", "network", "lifecycle", "pipelines", "registry", "serving"}
)
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
        spec, cluster = args.tenant.spec, args.tenant.environment.cluster
        marks = metadata.of_tenant(args.tenant)
        namespace = Namespace(
            f"{name}-namespace",
            NamespaceArgs(
                marks=marks,
                name=names.namespace(spec.id),
                tier=spec.tier,
                lifecycle=spec.lifecycle,
                protect=is_protected(cluster, spec.lifecycle),
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.namespace = namespace.name
        after = pulumi.ResourceOptions(parent=self, depends_on=self._guards(name, args.tenant, marks))
        site = Site(name=name, tenant=args.tenant, marks=marks, namespace=self.namespace, opts=after)
        for move_in in GUESTS:
            move_in(site)
        self.register_outputs({"namespace": self.namespace})

    def _guards(self, name: str, tenant: EffectiveTenant, marks: metadata.Marks) -> list[pulumi.Resource]:
        """What must be there before anybody may do anything."""
        here = pulumi.ResourceOptions(parent=self)
        spec, environment = tenant.spec, tenant.environment
        ceiling = environment.tiers[spec.tier].ceilings.gpus
        quota = QuotaArgs(
            marks=marks,
            namespace=self.namespace,
            quota=spec.quota,
            gpu_ceiling=ceiling,
            lifecycle=spec.lifecycle,
            installs=tuple(install.footprint for install in installs(tenant)),
        )
        network = NetworkArgs(marks=marks, namespace=self.namespace, network=spec.network)
        queue = QueueArgs(
            marks=marks,
            tenant=spec.id,
            namespace=self.namespace,
            quota=spec.quota,
            gpu_ceiling=ceiling,
            node_pools=environment.node_pools,
            lifecycle=spec.lifecycle,
        )
        fairness = FairnessArgs(
            marks=marks, tenant=spec.id, access=spec.access, shared_groups=environment.shared_groups
        )
        guard = GuardArgs(marks=marks, namespace=self.namespace, parameters=parameters(tenant))
        return [
            Guard(f"{name}-guard", guard, here),
            Fairness(f"{name}-fairness", fairness, here),
            Quota(f"{name}-quota", quota, here),
            Network(f"{name}-network", network, here),
            Queue(f"{name}-queue", queue, here),
        ]
