"""JSON Schemas of the files, for editors and for problems in plain words. Made from the models, never by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from tenantry.fields import Block
from tenantry.model_spec import ModelSpec
from tenantry.partial import file_model
from tenantry.yaml_source import Keys

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def tenant_schema() -> Schema:
    """The schema of `tenants/<id>/tenant.yaml`, as an editor uses it.

    It knows keys, types, words and ranges. What takes more than one value to see (ceilings, sums, addresses) is left
    to `tenantry validate`.
    """
    return {"$schema": DIALECT, **model_schema(file_model()), "title": "A tenant of Tenantry"}


def tenant_schema_text() -> str:
    """The same as the text of `tenants/tenant.schema.json`: always the same bytes for the same models."""
    return json.dumps(tenant_schema(), indent=2, ensure_ascii=False) + "\n"


def served_model_schema() -> Schema:
    """The schema of `tenants/<id>/models/<model>.yaml`, as an editor uses it."""
    return {"$schema": DIALECT, **model_schema(ModelSpec), "title": "A model of Tenantry"}


def served_model_schema_text() -> str:
    """The same as the text of `tenants/model.schema.json`: always the same bytes for the same models."""
    return json.dumps(served_model_schema(), indent=2, ensure_ascii=False) + "\n"


@cache
def model_schema(model: type[Block]) -> Schema:
    """The schema of a model without pydantic's titles, and without the null that stands for a value left out."""
    cleaned = _clean(model.model_json_schema())
    return cleaned if isinstance(cleaned, dict) else {}


def _clean(node: object, *, names: bool = False) -> object:
    """Without `title` and `default: null`; `names` says that the keys of this mapping are names and not keywords."""
    if isinstance(node, list):
        return [_clean(item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(patterns := node.get("patternProperties"), dict) and not names:
        # Keys of a map: pydantic's form lets any other key pass, this one does not.
        [(pattern, value)] = patterns.items()
        rest = {key: value for key, value in node.items() if key != "patternProperties"}
        node = {**rest, "propertyNames": {"pattern": pattern}, "additionalProperties": value}
    return {
        key: _clean(value, names=not names and key in {"properties", "$defs"})
        for key, value in (node if names else _simple(node)).items()
        if names or not (key == "title" or (key == "default" and value is None))
    }


def _simple(node: Schema) -> Schema:
    """Without the choice of null, which no file can hold; one word that is right is a list of one."""
    choices = [choice for choice in node.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        node = {**choices[0], **{key: value for key, value in node.items() if key != "anyOf"}}
    if isinstance(node.get("const"), str):
        node = {**{key: value for key, value in node.items() if key != "const"}, "enum": [node["const"]]}
    return node


def subschema(schema: Schema, keys: Keys) -> Schema:
    """The part of a schema that describes one value; empty where the schema knows no such key."""
    node = _resolved(schema, schema)
    for key in keys:
        node = _resolved(_step(node, key), schema)
    return node


def _step(node: Schema, key: str | int) -> Schema:
    found = node.get("items") if isinstance(key, int) else node.get("properties", {}).get(key)
    if found is None and not isinstance(key, int):
        found = node.get("additionalProperties")
    return found if isinstance(found, dict) else {}


def _resolved(node: Schema, schema: Mapping[str, Any]) -> Schema:
    """The node with its reference followed, and the block of a choice between a block and `false` taken."""
    for choice in (*node.get("oneOf", ()), *node.get("anyOf", ())):
        if choice.get("const") is not False and choice.get("type") != "null":
            node = {**{k: v for k, v in node.items() if k not in {"oneOf", "anyOf"}}, **choice}
            break
    if reference := node.get("$ref"):
        target = schema["$defs"][reference.removeprefix("#/$defs/")]
        return {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node
