"""Values between Python and the protocol of Pulumi's engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key by which Pulumi marks values that are no plain data (its own constant)."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker of Pulumi's protocol, not a secret
"""Value of that key on secrets."""


HIDDEN = "REDACTED"
"""Stands for every secret: what is rendered ends up in comments and files. Also valid where base64 is asked for."""


def from_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """A struct as a dict, its keys sorted: the order of a protocol buffer's map means nothing. A null is no value."""
    values = {key: _from_value(struct.fields[key]) for key in sorted(struct.fields)}
    return {key: value for key, value in values.items() if value is not None}


def to_struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """A dict of plain data as a struct."""
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct


def _from_value(value: struct_pb2.Value) -> object:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        plain = from_struct(value.struct_value)
        return _hidden(plain["value"]) if plain.get(SIGNATURE) == SECRET else plain
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    if kind == "number_value":
        # The protocol knows floats only; Kubernetes wants a port to be 53 and not 53.0.
        number = value.number_value
        return int(number) if number.is_integer() else number
    return None if kind in (None, "null_value") else getattr(value, kind)


def _hidden(value: object) -> object:
    """The same shape, and nothing of what is in it."""
    if isinstance(value, dict):
        return {key: _hidden(inner) for key, inner in value.items()}
    return [_hidden(inner) for inner in value] if isinstance(value, list) else HIDDEN
