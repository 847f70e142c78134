"""What a difference between two renderings is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from tenantry.cost import Cost

FieldWord = Literal["added", "changed", "removed", "reordered"]
ResourceWord = Literal["added", "changed", "replaced", "removed"]
RESOURCE_WORDS: tuple[ResourceWord, ...] = ("added", "changed", "replaced", "removed")
StackWord = Literal["added", "changed", "removed"]


class ResourceLike(Protocol):
    """What of a rendered resource is compared."""

    @property
    def urn(self) -> str:
        """Identity, the same on both sides."""

    @property
    def type(self) -> str:
        """Type token, as in `kubernetes:core/v1:Namespace`."""

    @property
    def name(self) -> str:
        """Logical name."""

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Everything that the program asks for."""


class StackLike(Protocol):
    """One rendered stack."""

    @property
    def stack(self) -> str:
        """Name, as in `vision.prod`."""

    @property
    def resources(self) -> Sequence[ResourceLike]:
        """In the order in which the program declares them."""


@dataclass(frozen=True)
class FieldChange:
    """One field of one resource."""

    path: str
    """Where, as in `spec.hard["requests.cpu"]` or `spec.template.spec.containers[server].env[LOG_LEVEL].value`."""
    change: FieldWord
    before: Any = None
    """Value before; None where there was none."""
    after: Any = None
    """Value after; None where there is none any more."""


@dataclass(frozen=True)
class ResourceChange:
    """One resource."""

    urn: str
    type: str
    title: str
    """What a person calls it: `ResourceQuota vision/tenant`."""
    change: ResourceWord
    fields: tuple[FieldChange, ...] = ()
    """The fields that differ; none for a resource that one side lacks."""


@dataclass(frozen=True)
class Money:
    """What a tenant costs a month on each side; None where it does not exist, or where its code could not say."""

    before: Cost | None
    after: Cost | None


@dataclass(frozen=True)
class StackDiff:
    """One stack with at least one difference."""

    stack: str
    change: StackWord
    resources: tuple[ResourceChange, ...] = ()
    quota: tuple[FieldChange, ...] = ()
    """What the tenant may hold, as its file says it."""
    money: Money | None = None
    """None for the platform's stack."""

    def count(self, change: ResourceWord) -> int:
        """How many resources are added, changed, replaced or removed."""
        return sum(resource.change == change for resource in self.resources)


@dataclass(frozen=True)
class Diff:
    """Every difference, by stack. Stacks without one are left out."""

    stacks: tuple[StackDiff, ...]
    compared: int = 0
    """How many stacks were rendered to find this."""
    notes: tuple[str, ...] = field(default=())
    """What a reader must know to trust the result: which code ran, what was not compared."""

    def count(self, change: ResourceWord) -> int:
        """How many resources of all stacks are added, changed, replaced or removed."""
        return sum(stack.count(change) for stack in self.stacks)
