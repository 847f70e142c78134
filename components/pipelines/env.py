"""Environment variables of containers, by where their values come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import EnvVarArgsDict


def plain(values: Mapping[str, str]) -> list[EnvVarArgsDict]:
    """Values that stand in the Deployment itself."""
    return [{"name": name, "value": value} for name, value in values.items()]


def from_config(config: str, keys: Mapping[str, str]) -> list[EnvVarArgsDict]:
    """Values that stand in a ConfigMap, by variable and key."""
    return [
        {"name": name, "value_from": {"config_map_key_ref": {"name": config, "key": key}}} for name, key in keys.items()
    ]


def from_secret(secret: str, keys: Mapping[str, str]) -> list[EnvVarArgsDict]:
    """Values that stand in a Secret, by variable and key."""
    return [
        {"name": name, "value_from": {"secret_key_ref": {"name": secret, "key": key}}} for name, key in keys.items()
    ]


def from_pod(fields: Mapping[str, str]) -> list[EnvVarArgsDict]:
    """Values that the pod knows of itself, by variable and field."""
    return [{"name": name, "value_from": {"field_ref": {"field_path": path}}} for name, path in fields.items()]
