from __future__ import annotations

from typing import Any

import pytest

from tenantry.diff.fields import changed_fields
from tenantry.diff.model import FieldChange

CASES: dict[str, tuple[Any, Any, list[FieldChange]]] = {
    "nothing": ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, []),
    "keys in another order": ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
    "a value": ({"a": {"b": 1}}, {"a": {"b": 2}}, [FieldChange("a.b", "changed", 1, 2)]),
    "a value becomes none": ({"a": 1}, {"a": None}, [FieldChange("a", "changed", 1, None)]),
    "a key comes": ({}, {"a": {"b": 1}}, [FieldChange("a", "added", None, {"b": 1})]),
    "a key goes": ({"a": 1}, {}, [FieldChange("a", "removed", 1)]),
    "a number and a truth": ({"a": 1}, {"a": True}, [FieldChange("a", "changed", 1, True)]),
    "a number and its spelling": ({"a": 1}, {"a": "1"}, [FieldChange("a", "changed", 1, "1")]),
    "a list becomes a mapping": ({"a": []}, {"a": {}}, [FieldChange("a", "changed", [], {})]),
    "keys that are no words": (
        {"hard": {"requests.cpu": "1"}, 'x"y': 1},
        {"hard": {"requests.cpu": "2"}, 'x"y': 2},
        [FieldChange('hard["requests.cpu"]', "changed", "1", "2"), FieldChange('["x\\"y"]', "changed", 1, 2)],
    ),
    "one in front of named items": (
        {"env": [{"name": "A", "value": "1"}]},
        {"env": [{"name": "Z", "value": "0"}, {"name": "A", "value": "2"}]},
        [
            FieldChange("env[A].value", "changed", "1", "2"),
            FieldChange("env[Z]", "added", None, {"name": "Z", "value": "0"}),
        ],
    ),
    "named items in another order": (
        {"env": [{"name": "A"}, {"name": "B"}]},
        {"env": [{"name": "B"}, {"name": "A"}]},
        [FieldChange("env", "reordered", ["A", "B"], ["B", "A"])],
    ),
    "two subjects of one name": (
        {"subjects": [{"kind": "User", "name": "a"}, {"kind": "Group", "name": "a"}]},
        {"subjects": [{"kind": "User", "name": "a"}]},
        [FieldChange("subjects[Group/a]", "removed", {"kind": "Group", "name": "a"})],
    ),
    "ports by their number": (
        {"ports": [{"port": 1, "protocol": "TCP"}, {"port": 2, "protocol": "TCP"}]},
        {"ports": [{"port": 2, "protocol": "TCP"}]},
        [FieldChange("ports[1/TCP]", "removed", {"port": 1, "protocol": "TCP"})],
    ),
    "plain items": (
        {"verbs": ["get", "list"]},
        {"verbs": ["create", "get"]},
        [FieldChange("verbs[]", "removed", "list"), FieldChange("verbs[]", "added", None, "create")],
    ),
    "plain items in another order": (
        {"args": ["a", "b"]},
        {"args": ["b", "a"]},
        [FieldChange("args", "reordered", ['"a"', '"b"'], ['"b"', '"a"'])],
    ),
    "one more of the same": ({"args": ["a"]}, {"args": ["a", "a"]}, [FieldChange("args[1]", "added", None, "a")]),
    "one in front of nameless items": (
        {"egress": [{"to": [{"x": 1}]}, {"to": [{"x": 2}]}]},
        {"egress": [{"to": [{"x": 0}]}, {"to": [{"x": 1}]}, {"to": [{"x": 3}]}]},
        [
            FieldChange("egress[0]", "added", None, {"to": [{"x": 0}]}),
            FieldChange("egress[2].to[0].x", "changed", 2, 3),
        ],
    ),
    "nameless items in another order": (
        {"egress": [{"to": [1]}, {"to": [2]}]},
        {"egress": [{"to": [2]}, {"to": [1]}]},
        [FieldChange("egress", "reordered", [{"to": [1]}, {"to": [2]}], [{"to": [2]}, {"to": [1]}])],
    ),
    "a nameless item goes": (
        {"egress": [{"to": [1]}, {"to": [2]}]},
        {"egress": [{"to": [2]}]},
        [FieldChange("egress[0]", "removed", {"to": [1]})],
    ),
    "a name that could be misread": (
        {"env": [{"name": "a]b", "value": 1}]},
        {"env": [{"name": "a]b", "value": 2}]},
        [FieldChange('env["a]b"].value', "changed", 1, 2)],
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES.keys())
def test_changed_fields(before: Any, after: Any, expected: list[FieldChange]) -> None:
    assert list(changed_fields(before, after)) == expected


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES.keys())
def test_a_value_against_itself_never_differs(before: Any, after: Any, expected: list[FieldChange]) -> None:
    assert (changed_fields(before, before), changed_fields(after, after)) == ((), ())
    assert bool(changed_fields(after, before)) == bool(expected)
