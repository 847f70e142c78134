"""docs/tenant-reference.md: every key of a tenant's file, from the schema that editors use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import yaml

from tenantry.environment import TierDefaults
from tenantry.reference.table import table
from tenantry.schema import Schema, subschema, tenant_schema
from tenantry.yaml_source import Keys, dotted

EXAMPLE: Final = """\
# yaml-language-server: $schema=../tenant.schema.json
id: vision
owner: {team: Computer Vision, email: ml-vision@example.com, on_call: vision-primary, cost_center: CC-1042}
environments: [sandbox, prod]
tier: standard
access: {admins: [ml-vision-leads], developers: [ml-vision], viewers: [ml-all]}
quota: {cpu: 64, memory: 256Gi, storage: 1Ti, pods: 200, gpus: {a10g: 4, h100: 2}, borrow: true}
budget: {monthly_usd: 18000, alert_at: [0.5, 0.8, 1.0]}
pipelines: {artifact_retention_days: 90, max_parallel_runs: 10}
registry: {}
serving: {max_replicas: 8}
monitoring:
  retention_days: 15
  receivers: [{name: vision-oncall, slack_channel: "#ml-vision", min_severity: warning}]
network:
  egress: [{name: feature-store, cidr: 10.20.0.0/24, ports: [6379]}]
lifecycle: active
overrides: {prod: {quota: {gpus: {h100: 4}}}}
"""
"""A file with every key."""
HEAD: Final = f"""\
# The tenant's file

<!-- Made by `python -m tenantry.reference` from the models. Do not edit. -->

`tenants/<id>/tenant.yaml` is all that a team writes. Required are `id`, `owner` and `access`; everything else has a
default, mostly from the team's tier in `infra/environments/<environment>.yaml`. `tenantry show ID` prints every value
with the line that it comes from, and `tenantry validate` checks what a table cannot say: ceilings, sums, names taken.

Every key at once:
```yaml
{EXAMPLE}```
"""
HEADINGS: Final = ("key", "what it is", "left out", "allowed", "example")


def tenant_file() -> str:
    """The whole page."""
    return "\n".join((HEAD, *_sections()))


def blocks() -> Iterator[Keys]:
    """Where keys live: the file itself, each block, and the first item of each list of blocks."""
    schema = tenant_schema()
    waiting: list[Keys] = [()]
    while waiting:
        keys = waiting.pop(0)
        yield keys
        for name in subschema(schema, keys).get("properties", {}):
            inner = (*keys, name, 0) if subschema(schema, (*keys, name)).get("type") == "array" else (*keys, name)
            if "properties" in subschema(schema, inner):
                waiting.append(inner)


def _sections() -> Iterator[str]:
    schema, example = tenant_schema(), yaml.safe_load(EXAMPLE)
    for keys in blocks():
        block = subschema(schema, keys)
        rows = [_row(schema, keys, name, _at(example, (*keys, name))) for name in block["properties"]]
        yield f"## {_title(keys)}\n{_about(schema, keys)}\n" + (f"\n{table(HEADINGS, rows)}" if rows else "")


def _about(schema: Schema, keys: Keys) -> str:
    """What the block's own model says: more than the key that holds it, for whose readers one line is enough."""
    held = schema
    for key in keys:
        held = held["items"] if isinstance(key, int) else subschema(schema, keys[: keys.index(key)])["properties"][key]
    [reference] = [part["$ref"] for part in (held, *held.get("oneOf", ())) if "$ref" in part] or [""]
    model = schema["$defs"][reference.rpartition("/")[2]] if reference else schema
    return " ".join(model["description"].split())


def _title(keys: Keys) -> str:
    return f"`{dotted(keys).replace('[0]', '[]')}`" if keys else "The file"


def _row(schema: Schema, keys: Keys, name: str, example: object) -> tuple[str, ...]:
    node = subschema(schema, (*keys, name))
    block = "properties" in node
    key = f"[`{name}`](#{name})" if block else f"`{name}`"
    shown = "" if block else f"`{json.dumps(example, ensure_ascii=False)}`"
    return key, node.get("description", ""), _left_out(schema, keys, name), "a block" if block else allowed(node), shown


def _left_out(schema: Schema, keys: Keys, name: str) -> str:
    if name in subschema(schema, keys).get("required", ()):
        return "refused"
    node = subschema(schema, (*keys, name))
    if "default" in node:
        return f"`{json.dumps(node['default'])}`"
    return "as the tier says" if (*keys, name)[0] in TierDefaults.model_fields else "see there"


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


def _at(example: Any, keys: Keys) -> object:  # noqa: ANN401 - YAML
    for key in keys:
        example = example[key]
    return example
