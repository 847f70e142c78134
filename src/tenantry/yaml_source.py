"""Strict YAML with the line and column of every key. Whatever could surprise its reader is refused.

libyaml does the parsing, through PyYAML: it gives events with positions and is some 15 times as fast as a parser
in Python. Types are our own (`scalars`), and so is the small builder below, because every other one resolves
anchors, follows tags or keeps the last of two equal keys before anybody can ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import yaml

from tenantry.errors import InputError, Problem
from tenantry.scalars import AmbiguousError, Scalar, resolve
from tenantry.source_file import read_text, relative

MAX_DEPTH = 12
"""Deepest nesting. The deepest key of any file lies at 6."""

Keys = tuple[str | int, ...]
"""Way to a value: keys of mappings and indexes of lists, from the top of the file."""


Value: TypeAlias = "Scalar | tuple[Value, ...] | dict[str, Value]"
"""What a file can hold. There is no null."""


class Place(NamedTuple):
    """Where something is written."""

    path: str
    line: int
    column: int


def dotted(keys: Keys) -> str:
    """Keys as problems spell them: `network.egress[0].cidr`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")


@dataclass(frozen=True, eq=False)
class Document:
    """One YAML file: its values, and where each is written."""

    path: str
    """File, relative to the root."""
    data: Mapping[str, Any]
    """Its content: str, int, float, bool, dict, and tuple for a list."""
    keys: Mapping[Keys, tuple[int, int]]
    """Line and column of every key and every item of a list."""
    values: Mapping[Keys, tuple[int, int]]
    """Line and column of every value."""

    def key(self, keys: Keys) -> Place:
        """Where a key is written; where it is not, the closest block around it."""
        while keys not in self.keys:
            if not keys:
                return Place(self.path, 1, 1)
            keys = keys[:-1]
        return Place(self.path, *self.keys[keys])

    def value(self, keys: Keys) -> Place:
        """Where a value is written; where it is not, the closest block around it."""
        return Place(self.path, *self.values[keys]) if keys in self.values else self.key(keys)


def read(path: Path, *, root: Path) -> Document:
    """One file as a document.

    Args:
        path: the file, below `root`.
        root: the project's folder; problems name files relative to it.

    Raises:
        InputError: the file cannot be accepted; `read_text` and `parse` say why.
        PlatformError: the machine cannot read it.
    """
    return parse(read_text(path, root=root), relative(path, root))


def parse(text: str, path: str) -> Document:
    """A text as a document.

    Raises:
        InputError: it is not YAML, not one mapping, or holds what Tenantry refuses: equal keys, anchors, aliases,
            merge keys, tags, directives, more than one document, unquoted scalars of doubtful type, deep nesting.
    """
    builder = _Builder(path)
    data = builder.document(_events(text, path))
    if builder.problems:
        raise InputError(builder.problems)
    return Document(path, data, builder.keys, builder.values)


def _events(text: str, path: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = f"is not YAML: {error.problem}{f' {error.context}' if error.context else ''}"
        fix = "Check the indentation, the quotes and the brackets here and above"
        raise InputError([Problem(path, line, column, "", what, fix)]) from error


@dataclass
class _Builder:
    """Values from events. Collects problems and goes on, so that one run shows them all."""

    path: str
    problems: list[Problem] = field(default_factory=list)
    keys: dict[Keys, tuple[int, int]] = field(default_factory=dict)
    values: dict[Keys, tuple[int, int]] = field(default_factory=dict)

    def document(self, events: Iterator[yaml.Event]) -> dict[str, Value]:
        next(events)
        start = next(events)
        if not isinstance(start, yaml.DocumentStartEvent):
            self._wrong(None, (), "is empty", "Write its keys")
            return {}
        if start.version or start.tags:
            self._wrong(start, (), "has a YAML directive", "Remove the line that starts with %")
        top = next(events)
        data = self._value(top, events, ())
        if not isinstance(top, yaml.MappingStartEvent):
            self._wrong(top, (), "is not a mapping", "Write keys, as in id: vision")
        next(events)
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._wrong(after, (), "has a second document", "Keep one: remove the line --- and what follows")
        return data if isinstance(data, dict) else {}

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], keys: Keys) -> Value:
        self.values[keys] = _position(event)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._refuse_extras(event, keys)
        if len(keys) > MAX_DEPTH:
            what, fix = f"is nested deeper than {MAX_DEPTH} levels", "Write it flatter"
            raise InputError([*self.problems, Problem(self.path, *_position(event), dotted(keys[:2]), what, fix)])
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, keys)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, keys)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, keys)
        name = event.anchor if isinstance(event, yaml.AliasEvent) else ""
        return self._wrong(event, keys, f"uses the alias *{name}", "Write the value out")

    def _mapping(self, events: Iterator[yaml.Event], keys: Keys) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, events, keys)
            here = (*keys, key)
            if key in found:
                first = self.keys[here][0]
                self._wrong(event, here, f"is written twice, first in line {first}", "Keep one of the two")
            else:
                self.keys[here] = _position(event)
            found[key] = self._value(next(events), events, here)
        return found

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], keys: Keys) -> str:
        before = len(self.problems)
        key = self._value(event, events, keys)
        if not isinstance(key, str):
            self._wrong(event, keys, "has a key that is not text", "Write a word, or put the key in quotes")
        # A key that has a problem gets a name of its own, so that two of them are not called equal.
        return key if isinstance(key, str) and len(self.problems) == before else f"?{len(self.keys)}"

    def _sequence(self, events: Iterator[yaml.Event], keys: Keys) -> tuple[Value, ...]:
        found: list[Value] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*keys, len(found))
            self.keys[here] = _position(event)
            found.append(self._value(event, events, here))
        return tuple(found)

    def _scalar(self, event: yaml.ScalarEvent, keys: Keys) -> Value:
        if event.style:
            return event.value
        try:
            return resolve(event.value)
        except AmbiguousError as error:
            return self._wrong(event, keys, error.what, error.fix)

    def _refuse_extras(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, keys: Keys) -> None:
        if event.anchor:
            self._wrong(event, keys, f"has the anchor &{event.anchor}", "Write the value out where it is used")
        if event.tag:
            self._wrong(event, keys, f"has the tag {event.tag[:60]}", "Remove it: the key decides the type")

    def _wrong(self, event: yaml.Event | None, keys: Keys, what: str, fix: str) -> str:
        """Note a problem. Returns what stands in for the value that cannot be had."""
        line, column = _position(event) if event else (1, 1)
        self.problems.append(Problem(self.path, line, column, dotted(keys), what, fix))
        return ""


def _position(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
