"""A tenant's values from their four layers, and which layer each came from.

From weakest to strongest: the models' defaults, the tier's defaults in the environment's file, the tenant's file,
its override for the environment. One rule: a mapping merges key by key; a list, a number, a word or `false`
replaces what stood there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tenantry.errors import Problem
from tenantry.yaml_source import Document, Keys, Place, Value, dotted

Layer = Literal["file", "override", "tier", "default"]


@dataclass(frozen=True)
class Origin:
    """Where a value comes from."""

    layer: Layer
    """`file` or `override`: the tenant's file; `tier`: the environment's; `default`: nobody wrote it."""
    document: Document
    """File that holds it. For a default: the file that could."""
    keys: Keys
    """Way to the value in that file."""

    @property
    def path(self) -> str:
        """File, relative to the root."""
        return self.place().path

    @property
    def line(self) -> int:
        """Line of the value, counted from 1."""
        return self.place().line

    @property
    def column(self) -> int:
        """Column of the value, counted from 1."""
        return self.place().column

    def place(self, *inside: str | int) -> Place:
        """Where the value is written, or something inside it."""
        return self.document.value((*self.keys, *inside))

    def problem(self, what: str, fix: str, *inside: str | int) -> Problem:
        """A problem with the value, or with something inside it, under the key that its file has for it."""
        return Problem(*self.place(*inside), dotted((*self.keys, *inside)), what, fix)

    def __str__(self) -> str:
        if self.layer == "default":
            return "default"
        word = "" if self.layer == "file" else f" ({self.layer})"
        return f"{self.path}:{self.line}{word}"


@dataclass(frozen=True)
class Source:
    """One layer: a block of values and the place in a file that it was read from."""

    layer: Layer
    document: Document
    keys: Keys
    data: dict[str, Any]


@dataclass(frozen=True)
class _Node:
    value: Any
    """A value that is no mapping, or the nodes of a mapping by their keys."""
    origin: Origin

    def over(self, below: _Node | None) -> _Node:
        """This node on top of a weaker one."""
        if below is None or not isinstance(self.value, dict) or not isinstance(below.value, dict):
            return self
        merged = {**below.value, **{key: node.over(below.value.get(key)) for key, node in self.value.items()}}
        return _Node(merged, self.origin)

    def plain(self) -> Value:
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        value: Value = self.value
        return value

    def leaves(self, keys: Keys) -> Iterator[tuple[str, Origin]]:
        if isinstance(self.value, dict) and self.value:
            for key, node in self.value.items():
                yield from node.leaves((*keys, key))
        else:
            yield dotted(keys), self.origin


def merge(sources: Iterable[Source]) -> tuple[Value, dict[str, Origin]]:
    """The values of all layers, weakest first, and the origin of each by its dotted key.

    A list and an empty mapping have one origin as a whole.
    """
    top: _Node | None = None
    for source in sources:
        top = _node(source.data, source.layer, source.document, source.keys).over(top)
    return (top.plain(), dict(top.leaves(()))) if top else ({}, {})


def _node(value: Value, layer: Layer, document: Document, keys: Keys) -> _Node:
    origin = Origin(layer, document, keys)
    if not isinstance(value, dict):
        return _Node(value, origin)
    return _Node({key: _node(inner, layer, document, (*keys, key)) for key, inner in value.items()}, origin)
