"""One rule: a mapping merges key by key; anything else replaces."""

from __future__ import annotations

import pytest

from tenantry.layers import Source, merge
from tenantry.yaml_source import Document, Value


def merged(*layers: dict[str, Value]) -> Value:
    document = Document("f", {}, {}, {})
    return merge(Source("file", document, (), layer) for layer in layers)[0]


@pytest.mark.parametrize(
    ("below", "above", "result"),
    [
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": 2}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"x": 3}}, {"a": {"x": 3, "y": 2}}),
        ({"a": {"x": 1}}, {"a": {}}, {"a": {"x": 1}}),
        ({"a": (1, 2)}, {"a": (3,)}, {"a": (3,)}),
        ({"a": ({"x": 1},)}, {"a": ()}, {"a": ()}),
        ({"a": {"x": 1}}, {"a": False}, {"a": False}),
        ({"a": False}, {"a": {"x": 1}}, {"a": {"x": 1}}),
    ],
)
def test_two_layers(below: dict[str, Value], above: dict[str, Value], result: dict[str, Value]) -> None:
    assert merged(below, above) == result


def test_the_last_layer_wins() -> None:
    assert merged({"a": {"x": 1}}, {"a": False}, {"a": {"y": 2}}) == {"a": {"y": 2}}


def test_no_layer_is_nothing() -> None:
    assert merged() == {}
