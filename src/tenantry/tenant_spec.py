"""What a tenant gets in one environment, complete: every value present and checked.

A tenant's file may leave almost everything out; `effective` fills the gaps from the tier and hands out this. The
blocks carry the names of the keys in the file and of the components that provision them. Descriptions speak to the
person who edits the file: the editor's schema and the reference show them. `partial` adds where a value left out
comes from.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tenantry.cidr import EgressCidr
from tenantry.fields import Block, FlavorName, NamesOnce, Once, Rising, Share, Wanted
from tenantry.formats import CostCenter, DnsLabel, Email, Group, OnCall, SlackChannel, TeamName
from tenantry.quantity import BinaryQuantity

__all__ = ["BinaryQuantity", "Block", "Count", "DnsLabel", "Positive", "TenantSpec"]

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Days = Annotated[int, Field(ge=1, le=3650)]
Port = Annotated[int, Field(ge=1, le=65535)]


class OwnerSpec(Block):
    """Who answers for the tenant. On every object that Tenantry makes, and on every alert."""

    team: TeamName = Field(description="Name of the team, for people. Letters of any script, at most 63.")
    email: Email = Field(description="Address that reaches the whole team.")
    on_call: OnCall = Field(description="Rota that is called when the team's platform is broken.")
    cost_center: CostCenter = Field(description="Cost centre that pays, in capital letters and digits.")


class AccessSpec(Block):
    """Groups of the identity provider, by what they may do in the team's namespace.

    A group belongs to one tenant, unless the environment's file lists it in shared_groups.
    """

    admins: Annotated[tuple[Group, ...], Field(min_length=1, max_length=20), Once] = Field(
        description="Groups that run the team's platform: everything but quotas and policies. At least 1, at most 20."
    )
    developers: Annotated[tuple[Group, ...], Field(max_length=20), Once] = Field(
        (),
        description="Groups that run pipelines and deploy models. Left out or empty: none but the admins. At most 20.",
    )
    viewers: Annotated[tuple[Group, ...], Field(max_length=20), Once] = Field(
        (), description="Groups that may look and not touch. Left out or empty: none. At most 20."
    )

    @property
    def groups(self) -> frozenset[str]:
        """Every group of the team, whatever its role."""
        return frozenset({*self.admins, *self.developers, *self.viewers})


class QuotaSpec(Block):
    """What the team may hold at once. Each value is at most the tier's ceiling."""

    cpu: Annotated[int, Field(ge=1, le=100_000)] = Field(description="Cores that the team's pods may request.")
    memory: BinaryQuantity = Field(description="Memory that the team's pods may request, in Mi, Gi or Ti.")
    storage: BinaryQuantity = Field(description="Disk that the team's volumes may claim, in Mi, Gi or Ti.")
    pods: Annotated[int, Field(ge=1, le=10_000)] = Field(description="Pods that may run or wait at once.")
    gpus: dict[FlavorName, Annotated[int, Field(ge=0, le=10_000)]] = Field(
        description="GPUs guaranteed to the team, by flavor. The guarantees of all teams together fit the cluster. A "
        "flavor left out, or 0, is not guaranteed; empty: none is."
    )
    borrow: bool = Field(
        description="Whether the team may use GPUs that no other team holds, up to the tier's ceiling. They are taken "
        "back when their owner needs them."
    )


class BudgetSpec(Block):
    """What the team may spend in a month before somebody hears of it. It stops nothing."""

    monthly_usd: Annotated[int, Field(ge=1, le=10_000_000)] = Field(
        description="US dollars a month, whole. At most the tier's ceiling."
    )
    alert_at: Annotated[tuple[Share, ...], Field(max_length=10), Rising] = Field(
        description="Shares of the budget at which the team is told, rising, above 0 and up to 2; 1.0 is all of it. "
        "Empty: never. At most 10."
    )


class PipelinesSpec(Block):
    """A Kubeflow Pipelines of the team's own. `false`: the team wants none."""

    artifact_retention_days: Days = Field(description="Days after which artifacts of runs are deleted, up to 3650.")
    max_parallel_runs: Annotated[int, Field(ge=1, le=1000)] = Field(description="Runs at once; more wait. Up to 1000.")


class RegistrySpec(Block):
    """A model registry of the team's own. It has no settings yet: write {}. `false`: the team wants none."""


class ServingSpec(Block):
    """Seldon serving in the team's namespace. `false`: the team wants none."""

    max_replicas: Annotated[int, Field(ge=1, le=1000)] = Field(description="Most replicas of one model, up to 1000.")


class ReceiverSpec(Block):
    """Where alerts of the team go."""

    name: DnsLabel = Field(description="Name of the receiver, once in the list.")
    slack_channel: SlackChannel = Field(description='Slack channel, with its # and in quotes: "#ml-vision".')
    min_severity: Literal["info", "warning", "critical"] = Field(description="Least severity that is sent there.")


class MonitoringSpec(Block):
    """Metrics and alerts of the team."""

    retention_days: Days = Field(description="Days that metrics are kept, up to 3650.")
    receivers: Annotated[tuple[ReceiverSpec, ...], Field(max_length=20), NamesOnce] = Field(
        description="Where alerts go. Empty: to the platform team alone. At most 20."
    )


class EgressSpec(Block):
    """One destination outside the namespace that the team's pods may reach."""

    name: DnsLabel = Field(description="Name of the destination, once in the list.")
    cidr: EgressCidr = Field(
        description="Range of addresses, /16 or narrower (IPv6: /48), outside the cluster and without the cloud's "
        "metadata service."
    )
    ports: Annotated[tuple[Port, ...], Field(min_length=1, max_length=20), Once] = Field(
        description="TCP ports, each from 1 to 65535. At least 1, at most 20."
    )


class NetworkSpec(Block):
    """What the team's pods may reach beyond DNS and their own namespace."""

    egress: Annotated[tuple[EgressSpec, ...], Field(max_length=50), NamesOnce] = Field(
        description="Destinations outside the cluster. Empty: none. At most 50."
    )


Lifecycle = Literal["active", "frozen", "offboarding"]


class TenantSpec(Block):
    """One tenant: a team and what it gets."""

    id: DnsLabel = Field(
        description="Name of the tenant for good: its folder, its namespace and its stack. A DNS label, unlike every "
        "other tenant's and none of the platform's own names."
    )
    owner: OwnerSpec = Field(description="Who answers for the tenant.")
    tier: DnsLabel = Field(
        description="Class of tenants, from the environment's file: it gives the defaults and the ceilings. Left out: "
        "the environment's default tier."
    )
    access: AccessSpec = Field(description="Groups of the identity provider, by what they may do.")
    quota: QuotaSpec = Field(description="What the team may hold at once.")
    budget: BudgetSpec = Field(description="What the team may spend in a month before somebody hears of it.")
    pipelines: Wanted[PipelinesSpec] = Field(description="Kubeflow Pipelines of the team's own; false for none.")
    registry: Wanted[RegistrySpec] = Field(description="Model registry of the team's own: {}; false for none.")
    serving: Wanted[ServingSpec] = Field(description="Seldon serving in the team's namespace; false for none.")
    monitoring: MonitoringSpec = Field(description="Metrics and alerts of the team.")
    network: NetworkSpec = Field(description="What the team's pods may reach beyond DNS and their own namespace.")
    lifecycle: Lifecycle = Field(
        "active",
        description="active; frozen: everything stays and nothing new starts; offboarding: access goes, data stays "
        "until it is released. Left out: active.",
    )
