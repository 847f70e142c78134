"""Building blocks of the models' fields that are neither text nor a plain number."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from tenantry.formats import shown, wrong
from tenantry.gpu import FLAVORS
from tenantry.near import near

SETTINGS, OFF = "<settings>", "<off>"
"""Marks of the two forms of a `Wanted` block in pydantic's errors. No key of a file can be spelled so."""

Item = TypeVar("Item", bound=Hashable)
Model = TypeVar("Model")


class Block(BaseModel):
    """A block of a file: frozen, strictly typed, and nothing in it but its own keys."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def _form(value: Any) -> str:  # noqa: ANN401  # pydantic's signature
    return OFF if value is False else SETTINGS


Wanted = Annotated[
    Annotated[Model, Tag(SETTINGS)] | Annotated[Literal[False], Tag(OFF)],
    Discriminator(_form),
]
"""A block, or `false` where the team does not want what it describes."""


def _once(items: tuple[Item, ...]) -> tuple[Item, ...]:
    seen: set[Item] = set()
    for item in items:
        if item in seen:
            wrong(f"has {shown(item)} twice", "Keep one")
        seen.add(item)
    return items


def _names_once(items: tuple[Any, ...]) -> tuple[Any, ...]:
    _once(tuple(item.name for item in items))
    return items


def _rising(items: tuple[float, ...]) -> tuple[float, ...]:
    right = sorted(set(items))
    if list(items) != right:
        wrong("is not in rising order", f"Write [{', '.join(map(str, right))}]")
    return items


def _flavor(name: str) -> str:
    if name not in FLAVORS:
        wrong(f"no GPU flavor {shown(name)}", near(name, FLAVORS))
    return name


Once = AfterValidator(_once)
"""Of a list: no item twice."""
NamesOnce = AfterValidator(_names_once)
"""Of a list of blocks: no `name` twice."""
Rising = AfterValidator(_rising)
"""Of a list of numbers: each above the one before."""

FlavorName = Annotated[str, AfterValidator(_flavor), WithJsonSchema({"type": "string", "enum": sorted(FLAVORS)})]
"""A GPU flavor that `gpu.FLAVORS` knows."""

Share = Annotated[float, Field(gt=0, le=2)]
"""A share of something, 1 for all of it."""
