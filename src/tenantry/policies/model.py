"""What a rule is, what it looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from tenantry import names
from tenantry.render.manifests import is_object
from tenantry.render.stack import Resource
from tenantry.yaml_source import Place

if TYPE_CHECKING:
    from tenantry.effective import EffectiveTenant

Severity = Literal["critical", "high", "medium"]
"""`critical`: another tenant or the cluster is open; `high`: one guard is gone, others still hold; `medium`: people
and tools are misled."""


def dig(data: Any, *keys: str) -> Any:  # noqa: ANN401  # what a person may have written anything into
    """A value deep in plain data; None where a step is missing."""
    for key in keys:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def items(data: Any, *keys: str) -> list[Any]:  # noqa: ANN401  # as `dig`
    """A list deep in plain data; empty where there is none."""
    found = dig(data, *keys)
    return list(found) if isinstance(found, list | tuple) else []


def words(data: Any, *keys: str) -> dict[str, Any]:  # noqa: ANN401  # as `dig`
    """A mapping deep in plain data; empty where there is none."""
    found = dig(data, *keys)
    return dict(found) if isinstance(found, Mapping) else {}


@dataclass(frozen=True)
class Item:
    """One Kubernetes object of a stack."""

    resource: Resource

    @property
    def data(self) -> Mapping[str, Any]:
        """The object as it would be applied."""
        return self.resource.inputs

    @property
    def kind(self) -> str:
        """As in `RoleBinding`."""
        return str(self.data.get("kind", self.resource.type.rpartition(":")[2]))

    @property
    def group(self) -> str:
        """API group; empty for the core's."""
        return str(self.data.get("apiVersion", "")).rpartition("/")[0]

    @property
    def name(self) -> str:
        """Name in Kubernetes."""
        return str(dig(self.data, "metadata", "name") or "")

    @property
    def namespace(self) -> str:
        """Namespace; empty where the object names none."""
        return str(dig(self.data, "metadata", "namespace") or "")

    def __str__(self) -> str:
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {place}{self.name}"


@dataclass(frozen=True)
class View:
    """One stack, as rules see it."""

    stack: str
    """As in `vision.prod`."""
    resources: tuple[Resource, ...]
    tenant: EffectiveTenant | None
    """What the stack is made from; None for the platform's."""

    @property
    def owner(self) -> str:
        """The tenant's id, or `platform`."""
        return names.split_stack(self.stack)[0]

    @cached_property
    def objects(self) -> tuple[Item, ...]:
        """Every Kubernetes object that the stack makes."""
        return tuple(Item(resource) for resource in self.resources if is_object(resource.type))

    def of(self, *kinds: str) -> Iterator[Item]:
        """The objects of these kinds."""
        return (item for item in self.objects if item.kind in kinds)


@dataclass(frozen=True)
class Finding:
    """One thing that a rule objects to."""

    item: Item | None
    """The object; None where one is missing from the stack."""
    what: str
    """What is wrong, with the field and its value: a sentence without its full stop."""
    place: Place | None = None
    """Where a person wrote what is wrong; None where it is the tenant's file as a whole."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: a pure function, and why it is there."""

    id: str
    """For good: exceptions and other people's tools name it."""
    severity: Severity
    title: str
    """What must hold, as a sentence without its full stop."""
    rationale: str
    """What happens otherwise. Sentences."""
    fix: str
    """The way out: a sentence without its full stop."""
    find: Callable[[View], Iterable[Finding]]
    of: Literal["tenant", "platform", "both"] = "tenant"
    """Whose stacks it is about."""

    def applies(self, view: View) -> bool:
        """Whether the stack is one that the rule is about."""
        return self.of in ("both", "platform" if view.tenant is None else "tenant")


@dataclass(frozen=True)
class Violation:
    """A rule that a stack breaks."""

    rule: Rule
    stack: str
    object: str
    """As in `RoleBinding vision/admin`; empty where an object is missing."""
    what: str
    urn: str = ""
    """The object's; empty where one is missing."""
    place: Place | None = None
    """Where a person wrote what is wrong; None where it is the stack's file as a whole."""

    @property
    def finding(self) -> str:
        """What is wrong, with the object that it is wrong with."""
        return f"{self.object}: {self.what}" if self.object else self.what

    @property
    def fix(self) -> str:
        """What would be right, and where to read on: sentences without the last full stop."""
        return f"{self.rule.fix}. See docs/policies.md#{self.rule.id.lower()}"

    def __str__(self) -> str:
        where = f" ({self.place.path}:{self.place.line})" if self.place else ""
        return f"{self.rule.id} {self.rule.severity}: {self.stack}: {self.finding}{where}. {self.fix}."
