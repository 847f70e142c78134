"""What a tenant gets in one environment, complete: every value present and checked.

A tenant's file may leave almost everything out; `catalog` fills the gaps from the
tier and hands out this. The blocks carry the names of the keys in the file and of
the components that provision them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

DnsLabel = Annotated[str, Field(pattern=r"^[a-z]([-a-z0-9]*[a-z0-9])?$", max_length=63)]
"""RFC 1123 label that starts with a letter."""

BinaryQuantity = Annotated[str, Field(pattern=r"^[1-9][0-9]*(Mi|Gi|Ti)$")]
"""Bytes with a binary suffix: Mi, Gi or Ti. `10G`, `10GiB`, `10` and `1e3` are refused:
they mean something else than their writer thinks."""

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]


class Block(BaseModel):
    """A block of a file: frozen, strictly typed, and nothing in it but its own keys."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class OwnerSpec(Block):
    """Who answers for the tenant."""

    team: Annotated[str, Field(min_length=1, max_length=63)]
    email: str
    on_call: str
    cost_center: str


class AccessSpec(Block):
    """Groups of the identity provider, by what they may do."""

    admins: tuple[str, ...]
    developers: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()


class QuotaSpec(Block):
    """What the team may hold at once."""

    cpu: Positive
    memory: BinaryQuantity
    storage: BinaryQuantity
    pods: Positive
    gpus: dict[str, Count]
    borrow: bool


class BudgetSpec(Block):
    """What the team may spend in a month before somebody hears of it."""

    monthly_usd: Positive
    alert_at: tuple[float, ...]


class PipelinesSpec(Block):
    """A Kubeflow Pipelines of the team's own."""

    artifact_retention_days: Positive
    max_parallel_runs: Positive


class RegistrySpec(Block):
    """A model registry of the team's own. It has no settings yet."""


class ServingSpec(Block):
    """Seldon serving in the team's namespace."""

    max_replicas: Positive


class ReceiverSpec(Block):
    """Where alerts of the team go."""

    name: DnsLabel
    slack_channel: str
    min_severity: Literal["info", "warning", "critical"]


class MonitoringSpec(Block):
    """Metrics and alerts of the team."""

    retention_days: Positive
    receivers: tuple[ReceiverSpec, ...]


class EgressSpec(Block):
    """One destination outside the namespace that the team's pods may reach."""

    name: DnsLabel
    cidr: str
    ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...]


class NetworkSpec(Block):
    """What the team's pods may reach beyond DNS and their own namespace."""

    egress: tuple[EgressSpec, ...]


Lifecycle = Literal["active", "frozen", "offboarding"]


class TenantSpec(Block):
    """One tenant in one environment, complete."""

    id: DnsLabel
    owner: OwnerSpec
    tier: DnsLabel
    access: AccessSpec
    quota: QuotaSpec
    budget: BudgetSpec
    pipelines: PipelinesSpec | Literal[False]
    registry: RegistrySpec | Literal[False]
    serving: ServingSpec | Literal[False]
    monitoring: MonitoringSpec
    network: NetworkSpec
    lifecycle: Lifecycle = "active"
