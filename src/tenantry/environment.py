"""What the platform team says about one environment: a cluster, its pools, its tiers, its prices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tenantry.cidr import Cidr, EgressCidr
from tenantry.fields import Block, FlavorName, Once, Wanted
from tenantry.formats import ContextName, DnsLabel, Domain, Group, ImageRegistry, StorageClassName
from tenantry.quantity import BinaryQuantity
from tenantry.serving.spec import SeldonSpec
from tenantry.sign_on.spec import SignOnSpec
from tenantry.tenant_spec import (
    BudgetSpec,
    MonitoringSpec,
    NetworkSpec,
    PipelinesSpec,
    QuotaSpec,
    RegistrySpec,
    ServingSpec,
)

Price = Annotated[float, Field(ge=0, le=1_000_000)]


class ApiServerSpec(Block):
    """Where the cluster's API server is."""

    cidrs: Annotated[tuple[EgressCidr, ...], Field(min_length=1, max_length=10), Once] = Field(
        description="Its addresses: ranges, each /16 or narrower (IPv6: /48); of one server as in 10.0.0.10/32. At "
        "least 1, at most 10."
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(6443, description="Its TCP port. Left out: 6443.")


class ClusterSpec(Block):
    """The cluster that the environment is."""

    kind: Literal["sandbox", "existing"] = Field(
        description="sandbox: a cluster in a folder, made by tenantry; existing: one that others run."
    )
    context: ContextName = Field(
        description="Context of the kubeconfig; a kubeconfig without it is refused, so that no run reaches the wrong "
        "cluster."
    )
    api_server: ApiServerSpec | None = Field(
        default=None,
        description="Where pods of the platform reach the API server. Left out: any of the nodes, on 443 or 6443.",
    )


class NodePoolSpec(Block):
    """Nodes of one shape."""

    nodes: Annotated[int, Field(ge=0, le=15_000)] = Field(
        description="Nodes at most; 0 for a pool that is switched off."
    )
    cpu: Annotated[int, Field(ge=1, le=1024)] = Field(description="Cores of one node.")
    memory: BinaryQuantity = Field(description="Memory of one node.")
    gpu: FlavorName | None = Field(None, description="Flavor of the pool's GPUs. Left out: a pool of CPUs.")
    gpus_per_node: Annotated[int, Field(ge=0, le=16)] = Field(0, description="GPUs of one node. Left out: 0.")


class ClusterNetworkSpec(Block):
    """Ranges of addresses that network policies must know. No tenant's egress may touch them."""

    pods: Cidr = Field(description="Addresses of pods.")
    services: Cidr = Field(description="Addresses of services.")
    nodes: Cidr = Field(description="Addresses of nodes.")


class PricesSpec(Block):
    """What one unit costs, in US dollars. Zero means that it is not charged."""

    cpu_hour: Price = Field(description="One core for an hour.")
    memory_gib_hour: Price = Field(description="One GiB of memory for an hour.")
    storage_gib_month: Price = Field(description="One GiB of disk for a month.")
    gpu_hour: dict[FlavorName, Price] = Field(
        description="One GPU for an hour, by flavor; every flavor that a pool has. Empty where no pool has GPUs."
    )


class CeilingSpec(Block):
    """The most that a tenant of a tier may ask for. No ceiling is above what the pools hold together."""

    cpu: Annotated[int, Field(ge=1)] = Field(description="Cores.")
    memory: BinaryQuantity = Field(description="Memory.")
    storage: BinaryQuantity = Field(description="Disk.")
    pods: Annotated[int, Field(ge=1)] = Field(description="Pods.")
    gpus: Annotated[int, Field(ge=0)] = Field(
        description="GPUs of all flavors together, guaranteed and borrowed. 0: none."
    )
    monthly_usd: Annotated[int, Field(ge=1)] = Field(description="Budget in US dollars a month.")


class TierDefaults(Block):
    """What a tenant of a tier gets where its own file says nothing."""

    quota: QuotaSpec = Field(description="At most the tier's ceilings.")
    budget: BudgetSpec = Field(description="At most the tier's ceiling.")
    pipelines: Wanted[PipelinesSpec] = Field(description="Settings, or false for none.")
    registry: Wanted[RegistrySpec] = Field(description="{}, or false for none.")
    serving: Wanted[ServingSpec] = Field(description="Settings, or false for none.")
    monitoring: MonitoringSpec = Field(description="Retention and receivers.")
    network: NetworkSpec = Field(description="Destinations that every tenant of the tier may reach.")


class TierSpec(Block):
    """A class of tenants: what they get, and the most that they may ask for."""

    ceilings: CeilingSpec = Field(description="The most that a tenant of the tier may ask for.")
    defaults: TierDefaults = Field(description="What a tenant gets where its own file says nothing. Every key.")
    image_digests: bool = Field(
        False, description="Whether pods must name images by digest. Left out: a tag will do, unless it is latest."
    )
    model_approval: bool = Field(
        False,
        description="Whether somebody other than its author must approve each version of a model (approved_by). Left "
        "out: nobody need.",
    )


class EnvironmentSpec(Block):
    """One environment: a cluster and the rules on it. Written by the platform team."""

    id: DnsLabel = Field(description="Name of the environment for good; the file's name.")
    by_default: bool = Field(
        False, description="Whether tenants that list no environments live here. Left out: they do not."
    )
    default_tier: DnsLabel | None = Field(
        None, description="Tier of tenants that name none. Left out: each tenant must name one."
    )
    cluster: ClusterSpec = Field(description="The cluster that the environment is.")
    domain: Domain = Field(description="DNS domain below which every host of the environment lies.")
    sign_on: Wanted[SignOnSpec] = Field(
        False, description="Single sign-on before the teams' hosts. Left out, or false: no host leads into the cluster."
    )
    serving: SeldonSpec = Field(
        default_factory=lambda: SeldonSpec.model_validate({}),
        description="Seldon serving: its gateway and its licence. Left out: seldon-gateway in istio-system, and "
        "releases under Apache-2.0 alone.",
    )
    network: ClusterNetworkSpec = Field(description="Ranges of addresses that network policies must know.")
    node_pools: dict[DnsLabel, NodePoolSpec] = Field(min_length=1, description="Nodes of the cluster, by pool.")
    shared_groups: Annotated[tuple[Group, ...], Once] = Field(
        description="Groups that more than one tenant may name. Empty: none."
    )
    reserved_ids: Annotated[tuple[DnsLabel, ...], Once] = Field(
        description="Ids that no tenant may have, besides those that names.py reserves. Empty: no others."
    )
    platform_groups: Annotated[tuple[Group, ...], Once] = Field(
        description="Groups of those who run the platform; no tenant may name them. Empty: only system:masters."
    )
    image_registries: Annotated[tuple[ImageRegistry, ...], Once] = Field(
        description="Registries, or folders of them, that tenants' images may come from. Empty: no pod can run."
    )
    storage_classes: Annotated[tuple[StorageClassName, ...], Once] = Field(
        description="Storage classes that tenants may ask for, and may leave out. Empty: no volumes."
    )
    tiers: dict[DnsLabel, TierSpec] = Field(min_length=1, description="Classes of tenants.")
    prices: PricesSpec = Field(description="What one unit costs, in US dollars.")
