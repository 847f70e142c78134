"""Property values on the wire and as plain Python: secrets and values that are not known yet keep their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value

Json = dict[str, Any]
Path = tuple[str | int, ...]
"""Where a value lies, as in `("spec", "containers", 0, "image")`."""

# The engine's own marks: sdk/go/common/resource/properties.go and sdk/go/common/resource/plugin/rpc.go.
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark and no secret
UNKNOWN_TEXTS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""What the engine writes for a computed boolean, number, string, list, asset, archive and mapping."""


UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Unknown:
    """A value that only an `up` will tell."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Properties:
    """Decoded properties: the values, and which of them are secret."""

    value: Json
    secrets: frozenset[Path]


def decode(struct: Struct) -> Properties:
    """Plain Python of what came over the wire.

    Raises:
        ValueError: an asset, an archive or a resource reference, which no Kubernetes object can hold.
    """
    secrets: set[Path] = set()
    value = {key: _decode(field, (key,), secrets) for key, field in struct.fields.items()}
    return Properties(value, frozenset(secrets))


def encode(value: Mapping[str, Any], secrets: Iterable[Path] = ()) -> Struct:
    """The wire's form of plain Python, with the values at the given places marked as secrets."""
    paths = frozenset(secrets)
    return Struct(fields={key: _encode(item, (key,), paths) for key, item in value.items()})


def has_unknown(value: object) -> bool:
    """Whether something in it is not known yet."""
    return any(item is UNKNOWN for item in leaves(value))


def leaves(value: object) -> Iterator[object]:
    """Every value in it that is neither a mapping nor a list."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def _decode(value: Value, path: Path, secrets: set[Path]) -> Any:  # noqa: ANN401 - JSON
    match value.WhichOneof("kind"):
        case "struct_value":
            plain = _decode_struct(value.struct_value, path, secrets)
        case "list_value":
            plain = [_decode(item, (*path, index), secrets) for index, item in enumerate(value.list_value.values)]
        case "number_value":
            plain = int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "string_value":
            plain = UNKNOWN if value.string_value in UNKNOWN_TEXTS else value.string_value
        case "bool_value":
            plain = value.bool_value
        case _:
            plain = None
    return plain


def _decode_struct(struct: Struct, path: Path, secrets: set[Path]) -> Any:  # noqa: ANN401 - JSON
    if SIGNATURE not in struct.fields:
        return {key: _decode(item, (*path, key), secrets) for key, item in struct.fields.items()}
    if struct.fields[SIGNATURE].string_value != SECRET:
        place = ".".join(map(str, path))
        raise ValueError(f"{place}: a Kubernetes object holds plain values, no assets and no resources")
    secrets.add(path)
    return _decode(struct.fields["value"], path, secrets)


def _encode(value: object, path: Path, secrets: frozenset[Path]) -> Value:
    plain = _encode_plain(value, path, secrets)
    if path not in secrets:
        return plain
    return Value(struct_value=Struct(fields={SIGNATURE: Value(string_value=SECRET), "value": plain}))


def _encode_plain(value: object, path: Path, secrets: frozenset[Path]) -> Value:
    if isinstance(value, Mapping):
        fields = {str(key): _encode(item, (*path, str(key)), secrets) for key, item in value.items()}
        return Value(struct_value=Struct(fields=fields))
    if isinstance(value, list):
        items = [_encode(item, (*path, index), secrets) for index, item in enumerate(value)]
        return Value(list_value=ListValue(values=items))
    return Value(**_scalar(value))


def _scalar(value: object) -> dict[str, Any]:
    match value:
        case None:
            return {"null_value": NULL_VALUE}
        case bool():
            return {"bool_value": value}
        case int() | float():
            return {"number_value": value}
        case str():
            return {"string_value": value}
        case Unknown():
            return {"string_value": UNKNOWN_TEXT}
    raise TypeError(f"{type(value).__name__} is no JSON")
