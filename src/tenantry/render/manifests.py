"""Kubernetes objects as plain data and as YAML that no parser can misread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

OBJECT = re.compile(r"kubernetes:(?!(helm\.sh|kustomize|yaml)/)[^:/]+/v[0-9][a-z0-9]*:[A-Z]\w*")
"""Type tokens of Kubernetes objects: package, group and version, kind. Charts and releases are none."""
PLAIN = re.compile(r"[A-Za-z][-A-Za-z0-9._/]*")
"""Strings that are written without quotation marks, unless they are among `WORDS`."""
WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What YAML 1.1 or 1.2 takes for something else than a string. kubectl still reads 1.1."""
FIRST = ("apiVersion", "kind", "metadata")
DEFINITION, EXTENSION = "CustomResourceDefinition", "x_kubernetes_"


def is_object(type_token: str) -> bool:
    """Whether a resource of that type is an object in the cluster."""
    return OBJECT.fullmatch(type_token) is not None


def manifest(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """A resource's inputs as an object to apply: the header first, then the other keys by name."""
    keys = [*(key for key in FIRST if key in inputs), *sorted(inputs.keys() - set(FIRST))]
    found = {key: inputs[key] for key in keys}
    return {key: _dashed(value) for key, value in found.items()} if found.get("kind") == DEFINITION else found


def _dashed(value: Any) -> Any:  # noqa: ANN401 - any part of a manifest
    """The same with `x-kubernetes-…` as the API server spells it: the SDK's names have no dashes."""
    if isinstance(value, Mapping):
        return {
            key.replace("_", "-") if key.startswith(EXTENSION) else key: _dashed(inner) for key, inner in value.items()
        }
    return [_dashed(item) for item in value] if isinstance(value, list) else value


def file_name(item: Mapping[str, Any]) -> str:
    """Name of an object's file: kind, namespace if it has one, name."""
    metadata = item["metadata"]
    parts = [item["kind"].lower(), metadata.get("namespace"), metadata["name"], "yaml"]
    # RBAC allows colons in names; not every file system does.
    return ".".join(part for part in parts if part).replace(":", "_")


def stream(items: Iterable[Mapping[str, Any]]) -> str:
    """Objects as a stream of YAML documents."""
    return yaml.dump_all(items, Dumper=_Dumper, sort_keys=False, explicit_start=True, width=120)


class _Dumper(yaml.CSafeDumper):
    """PyYAML's C emitter, with every string in quotation marks that could be taken for something else."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Never write anchors: kubectl reads them, people do not."""
        return True


def _text(dumper: yaml.CSafeDumper, value: str) -> yaml.ScalarNode:
    plain = PLAIN.fullmatch(value) and value.lower() not in WORDS
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


_Dumper.add_representer(str, _text)
