"""Which fields of one resource differ, found by a walk that knows what a list's items are called.

A general differ compares lists by position, so that one rule put first reports every rule below it. The items of
Kubernetes' lists have names: an environment variable its `name`, a port its number, a limit its `type`. `IDENTITIES`
is that knowledge.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tenantry.diff.model import FieldChange

IDENTITIES: tuple[tuple[str, ...], ...] = (
    ("name",),
    ("kind", "name"),
    ("kind", "namespace", "name"),
    ("mountPath",),
    ("containerPort", "protocol"),
    ("containerPort",),
    ("port", "protocol"),
    ("port",),
    ("key", "operator", "effect"),
    ("key",),
    ("type",),
    ("topologyKey",),
    ("alert",),
    ("record",),
    ("expression",),
)
"""Keys that name an item of a list, best first. One applies where every item on both sides has it, each value once."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_PLAIN_ITEM = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*\Z")


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Every field that differs, deepest first known name, sorted as they are written.

    Paths are dotted; a key that is no plain word is quoted (`hard["requests.cpu"]`); an item of a list has its name
    (`env[LOG_LEVEL]`), its index where it has none (`egress[2]`, counted on the side that has it), and `[]` in a list
    of plain values. The same items in another order are one change, `reordered`, and never a list of them.
    """
    return tuple(_mappings("", before, after))


def _values(path: str, before: object, after: object) -> Iterator[FieldChange]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _mappings(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(path, before, after)
    elif not _same(before, after):
        yield FieldChange(path, "changed", before, after)


def _mappings(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for key in sorted({*before, *after}):
        below = _join(path, key)
        if key not in after:
            yield FieldChange(below, "removed", before=before[key])
        elif key not in before:
            yield FieldChange(below, "added", after=after[key])
        else:
            yield from _values(below, before[key], after[key])


def _lists(path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[FieldChange]:
    identity = _identity(before, after)
    if identity:
        yield from _named(path, _by(identity, before), _by(identity, after))
    elif _distinct_scalars(before) and _distinct_scalars(after):
        yield from _plain(path, before, after)
    else:
        yield from _aligned(path, before, after)


def _named(path: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[FieldChange]:
    for name, item in before.items():
        if name not in after:
            yield FieldChange(f"{path}[{name}]", "removed", before=item)
        else:
            yield from _values(f"{path}[{name}]", item, after[name])
    for name, item in after.items():
        if name not in before:
            yield FieldChange(f"{path}[{name}]", "added", after=item)
    yield from _reordered(path, list(before), list(after))


def _plain(path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[FieldChange]:
    old, new = {_text(item): item for item in before}, {_text(item): item for item in after}
    yield from (FieldChange(f"{path}[]", "removed", before=item) for text, item in old.items() if text not in new)
    yield from (FieldChange(f"{path}[]", "added", after=item) for text, item in new.items() if text not in old)
    yield from _reordered(path, list(old), list(new))


def _reordered(path: str, before: list[str], after: list[str]) -> Iterator[FieldChange]:
    kept, now = [name for name in before if name in after], [name for name in after if name in before]
    if kept != now:
        yield FieldChange(path, "reordered", kept, now)


def _aligned(path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[FieldChange]:
    old, new = [_text(item) for item in before], [_text(item) for item in after]
    if old != new and Counter(old) == Counter(new):
        yield FieldChange(path, "reordered", list(before), list(after))
        return
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for _, a, a_end, b, b_end in matcher.get_opcodes():
        pairs = min(a_end - a, b_end - b)
        for offset in range(pairs):
            yield from _values(f"{path}[{b + offset}]", before[a + offset], after[b + offset])
        for index in range(a + pairs, a_end):
            yield FieldChange(f"{path}[{index}]", "removed", before=before[index])
        for index in range(b + pairs, b_end):
            yield FieldChange(f"{path}[{index}]", "added", after=after[index])


def _identity(before: Sequence[Any], after: Sequence[Any]) -> tuple[str, ...] | None:
    if not all(isinstance(item, Mapping) for item in (*before, *after)):
        return None
    for keys in IDENTITIES:
        if all(_has(item, keys) for item in (*before, *after)):
            sides = ([_name(item, keys) for item in side] for side in (before, after))
            if all(len(set(names)) == len(names) for names in sides):
                return keys
    return None


def _by(keys: tuple[str, ...], items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {_name(item, keys): item for item in items}


def _has(item: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    return all(isinstance(item.get(key), str | int | float) for key in keys)


def _name(item: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    name = "/".join(str(item[key]) for key in keys)
    return name if _PLAIN_ITEM.match(name) else _text(name)


def _join(path: str, key: str) -> str:
    if not _PLAIN.match(key):
        return f"{path}[{_text(key)}]"
    return f"{path}.{key}" if path else key


def _distinct_scalars(items: Sequence[Any]) -> bool:
    texts = [_text(item) for item in items if not isinstance(item, Mapping | list)]
    return len(texts) == len(items) == len(set(texts))


def _same(before: object, after: object) -> bool:
    # True == 1 in Python; an API server tells them apart.
    return before == after and isinstance(before, bool) == isinstance(after, bool)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
