"""Drift is what changed on the server, and not how the server spells things."""

from __future__ import annotations

from typing import Any

import pytest

from tenantry.sandbox.plugins.resource_kubernetes.drift import refreshed


@pytest.mark.parametrize(
    ("why", "inputs", "before", "now", "expected"),
    [
        ("nothing changed", {"a": "1"}, {"a": "1"}, {"a": "1"}, {"a": "1"}),
        ("the server's spelling", {"cpu": "1000m"}, {"cpu": "1"}, {"cpu": "1"}, {"cpu": "1000m"}),
        ("a change", {"cpu": "1000m"}, {"cpu": "1"}, {"cpu": "2"}, {"cpu": "2"}),
        ("a change to what was asked for", {"cpu": "2"}, {"cpu": "1"}, {"cpu": "2"}, {"cpu": "2"}),
        ("a removed field", {"a": "1", "b": "2"}, {"a": "1", "b": "2"}, {"a": "1"}, {"a": "1"}),
        ("a field that the server never keeps", {"stringData": {"a": "b"}}, {}, {}, {"stringData": {"a": "b"}}),
        ("the server's own field", {"a": "1"}, {"a": "1"}, {"a": "1", "b": "2"}, {"a": "1"}),
        ("deep in a list", {"l": [{"a": "1"}]}, {"l": [{"a": "1", "x": 0}]}, {"l": [{"a": "2"}]}, {"l": [{"a": "2"}]}),
        ("a longer list", {"l": ["a"]}, {"l": ["a"]}, {"l": ["a", "b"]}, {"l": ["a", "b"]}),
        ("a list that the server sorts", {"l": ["b", "a"]}, {"l": ["a", "b"]}, {"l": ["a", "b"]}, {"l": ["b", "a"]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refreshed(why: str, inputs: Any, before: Any, now: Any, expected: Any) -> None:
    assert refreshed(inputs, before, now) == expected
