"""What the platform team says about one environment: a cluster, its pools, its tiers, its prices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tenantry.tenant_spec import (
    BinaryQuantity,
    Block,
    BudgetSpec,
    Count,
    DnsLabel,
    MonitoringSpec,
    NetworkSpec,
    PipelinesSpec,
    Positive,
    QuotaSpec,
    RegistrySpec,
    ServingSpec,
)


class ClusterSpec(Block):
    """The cluster that the environment is."""

    kind: Literal["sandbox", "existing"]
    context: str
    """Context of the kubeconfig; a kubeconfig without it is refused, so that no run reaches the wrong cluster."""


class NodePoolSpec(Block):
    """Nodes of one shape."""

    nodes: Count
    cpu: Positive
    memory: BinaryQuantity
    gpu: str | None = None
    """Flavor of the pool's GPUs; none for a CPU pool."""
    gpus_per_node: Count = 0


class ClusterNetworkSpec(Block):
    """Ranges of addresses that network policies must know."""

    pods: str
    services: str
    nodes: str


class PricesSpec(Block):
    """What one unit costs, in US dollars. Zero means that it is not charged."""

    cpu_hour: Annotated[float, Field(ge=0)]
    memory_gib_hour: Annotated[float, Field(ge=0)]
    storage_gib_month: Annotated[float, Field(ge=0)]
    gpu_hour: dict[str, Annotated[float, Field(ge=0)]]


class CeilingSpec(Block):
    """The most that a tenant of a tier may ask for."""

    cpu: Positive
    memory: BinaryQuantity
    storage: BinaryQuantity
    pods: Positive
    gpus: Count
    """GPUs of all flavors together, guaranteed and borrowed."""
    monthly_usd: Positive


class TierDefaults(Block):
    """What a tenant of a tier gets where its own file says nothing."""

    quota: QuotaSpec
    budget: BudgetSpec
    pipelines: PipelinesSpec | Literal[False]
    registry: RegistrySpec | Literal[False]
    serving: ServingSpec | Literal[False]
    monitoring: MonitoringSpec
    network: NetworkSpec


class TierSpec(Block):
    """A class of tenants: what they get, and the most that they may ask for."""

    ceilings: CeilingSpec
    defaults: TierDefaults


class EnvironmentSpec(Block):
    """One environment: a cluster and the rules on it. Written by the platform team."""

    id: DnsLabel
    by_default: bool = False
    """Whether tenants that list no environments live here."""
    default_tier: DnsLabel | None = None
    """Tier of tenants that name none. Without it each tenant must name one."""
    cluster: ClusterSpec
    domain: str
    """DNS domain below which every host of the environment lies."""
    network: ClusterNetworkSpec
    node_pools: dict[DnsLabel, NodePoolSpec]
    shared_groups: tuple[str, ...]
    reserved_ids: tuple[DnsLabel, ...]
    tiers: dict[DnsLabel, TierSpec]
    prices: PricesSpec
