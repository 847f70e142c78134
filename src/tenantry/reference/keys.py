"""Tables of every key of a file, from the schema that editors use."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from tenantry.reference.table import table
from tenantry.schema import Schema, subschema
from tenantry.yaml_source import Keys, dotted

HEADINGS: Final = ("key", "what it is", "left out", "allowed", "example")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One kind of file."""

    schema: Schema
    example: str
    """A file with every key."""
    from_tier: Collection[str] = ()
    """Keys at the top whose gaps the tier fills."""
    otherwise: Mapping[Keys, object] = field(default_factory=dict)
    """Examples of keys that stand in no file with the others."""
    maps: tuple[Keys, ...] = ()
    """Maps to blocks that get a table, each with the name that the example has in it."""

    def sections(self) -> Iterator[str]:
        """A heading and a table for each block."""
        example = yaml.safe_load(self.example)
        for keys in self.blocks():
            block = subschema(self.schema, keys)
            rows = [self._row(keys, name, self._shown(example, (*keys, name))) for name in block["properties"]]
            if isinstance(more := block.get("additionalProperties"), dict):
                rows.append(("any other", "A metric, by its name.", "none", allowed(more), "`0.91`"))
            about = " ".join(self._model(keys)["description"].split())
            yield f"## {self._title(keys)}\n{about}\n" + (f"\n{table(HEADINGS, rows)}" if rows else "")

    def blocks(self) -> Iterator[Keys]:
        """Where keys live: the file itself and each block, in lists and maps the first. Equal blocks only once."""
        waiting: list[Keys] = [()]
        seen: list[Schema] = []
        while waiting:
            keys = waiting.pop(0)
            if (model := self._model(keys)) in seen:
                continue
            seen.append(model)
            yield keys
            for name in subschema(self.schema, keys).get("properties", {}):
                inner = self._inside((*keys, name))
                if "properties" in subschema(self.schema, inner):
                    waiting.append(inner)

    def _inside(self, keys: Keys) -> Keys:
        """The block below a key: itself, the first of its list, or the one of its map."""
        if subschema(self.schema, keys).get("type") == "array":
            return (*keys, 0)
        return next((way for way in self.maps if way[:-1] == keys), keys)

    def _model(self, keys: Keys) -> Schema:
        """What the block's own model says: more than the key that holds it, for whose readers one line is enough."""
        held = self.schema
        for key in keys:
            held = _step(self._followed(held), key)
        return self._followed(held)

    def _followed(self, held: Schema) -> Schema:
        references = [part["$ref"] for part in (held, *held.get("oneOf", ())) if "$ref" in part]
        found: Schema = self.schema["$defs"][references[0].rpartition("/")[2]] if references else held
        return found

    def _shown(self, example: Any, keys: Keys) -> object:  # noqa: ANN401 - YAML
        if keys in self.otherwise:
            return self.otherwise[keys]
        for key in keys:
            example = example[key]
        return example

    def _title(self, keys: Keys) -> str:
        name = dotted(keys).replace("[0]", "[]")
        for way in self.maps:
            if keys[: len(way)] == way:
                name = name.replace(dotted(way), f"{dotted(way[:-1])}.<name>", 1)
        return f"`{name}`" if keys else "The file"

    def _row(self, keys: Keys, name: str, example: object) -> tuple[str, ...]:
        here = (*keys, name)
        node = subschema(self.schema, here)
        block = "properties" in node
        first = next((there for there in self.blocks() if self._model(there) == self._model(here)), here)
        # GitHub's anchors: the heading without what is neither letter, digit, dash nor underscore.
        anchor = re.sub(r"[^a-z0-9_-]", "", self._title(first).lower())
        key = f"[`{name}`](#{anchor})" if block else f"`{name}`"
        shown = "" if block else f"`{json.dumps(example, ensure_ascii=False)}`"
        words = "a block" if block else allowed(node)
        return key, node.get("description", ""), self._left_out(keys, name), words, shown

    def _left_out(self, keys: Keys, name: str) -> str:
        if name in subschema(self.schema, keys).get("required", ()):
            return "refused"
        node = subschema(self.schema, (*keys, name))
        if "default" in node:
            return f"`{json.dumps(node['default'])}`"
        return "as the tier says" if (*keys, name)[0] in self.from_tier else "see there"


def _step(model: Schema, key: str | int) -> Schema:
    if isinstance(key, int):
        found: Schema = model["items"]
        return found
    return model["properties"][key] if key in model.get("properties", ()) else model["additionalProperties"]  # type: ignore[no-any-return]  # of a schema


def allowed(node: Schema) -> str:
    """What a value may be, in words."""
    if known := node.get("enum"):
        return ", ".join(f"`{word}`" for word in known)
    kind = node.get("type")
    if kind in ("integer", "number"):
        return f"{'a whole number' if kind == 'integer' else 'a number'}{_range(node)}"
    if kind == "array":
        fewest = f"{node['minItems']} to " if "minItems" in node else "at most "
        return f"a list of {fewest}{node['maxItems']}: {allowed(node['items'])}"
    if kind == "object":
        words = allowed(node["propertyNames"]) if "enum" in node["propertyNames"] else "names"
        return f"a map from {words} to {allowed(node['additionalProperties'])}"
    if kind == "string":
        return f"text of at most {node['maxLength']} characters"
    return "`true` or `false`" if kind == "boolean" else "a block each"


def _range(node: Schema) -> str:
    lowest = f"from {node['minimum']}" if "minimum" in node else f"above {node['exclusiveMinimum']},"
    return f" {lowest} to {node['maximum']}"
