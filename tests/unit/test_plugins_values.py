"""Property values on the wire: what is secret or not known yet keeps its place."""

from __future__ import annotations

import pulumi
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime import rpc

from tenantry.sandbox.plugins.values import UNKNOWN, UNKNOWN_TEXTS, decode, encode, has_unknown


def test_plain_values_survive_the_wire() -> None:
    value: dict[str, object] = {"a": 1, "b": 1.5, "c": True, "d": None, "e": "x", "f": [1, {"g": []}], "h": {}}

    assert decode(encode(value)).value == value


def test_secrets_are_where_the_sdk_says() -> None:
    secret = PropertyValue("hush", is_secret=True)
    struct = PropertyValue.marshal_map(
        {"data": PropertyValue({"a": secret}), "list": PropertyValue([PropertyValue("x"), secret])}
    )

    decoded = decode(struct)

    assert decoded.value == {"data": {"a": "hush"}, "list": ["x", "hush"]}
    assert decoded.secrets == {("data", "a"), ("list", 1)}
    assert encode(decoded.value, decoded.secrets) == struct


def test_a_secret_place_that_is_absent_is_no_matter() -> None:
    assert encode({"a": 1}, [("b",)]) == encode({"a": 1})


def test_every_kind_of_unknown_is_known_as_one() -> None:
    for text in UNKNOWN_TEXTS:
        decoded = decode(Struct(fields={"a": encode({"b": text}).fields["b"]}))
        assert decoded.value == {"a": UNKNOWN}
        assert has_unknown(decoded.value)
    assert rpc.UNKNOWN in UNKNOWN_TEXTS
    assert encode({"a": UNKNOWN}).fields["a"].string_value == rpc.UNKNOWN


def test_the_marks_are_the_sdks() -> None:
    asset = PropertyValue.marshal_map({"file": PropertyValue(pulumi.StringAsset("text"))})

    with pytest.raises(ValueError, match="file: a Kubernetes object holds plain values"):
        decode(asset)


def test_unknowns_are_found_in_the_depth() -> None:
    assert has_unknown({"a": [{"b": UNKNOWN}]})
    assert not has_unknown({"a": [{"b": "x"}], "c": None})
