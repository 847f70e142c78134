"""Strict YAML: values, places, and nothing but problems for the rest."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tenantry.errors import InputError, Problem
from tenantry.scalars import AmbiguousError, resolve
from tenantry.yaml_source import Place, dotted, parse

TEXT = """\
id: vision
quota:
  gpus: {a10g: 4, "h100": 2}
list:
  - name: a
  -   [1, 0.5]
"""


def test_values() -> None:
    assert parse(TEXT, "f").data == {
        "id": "vision",
        "quota": {"gpus": {"a10g": 4, "h100": 2}},
        "list": ({"name": "a"}, (1, 0.5)),
    }


@pytest.mark.parametrize(
    ("keys", "key", "value"),
    [
        (("id",), (1, 1), (1, 5)),
        (("quota",), (2, 1), (3, 3)),
        (("quota", "gpus", "h100"), (3, 19), (3, 27)),
        (("list", 0, "name"), (5, 5), (5, 11)),
        (("list", 1, 1), (6, 11), (6, 11)),
        (("quota", "cpu"), (2, 1), (2, 1)),
        (("nothing", "here"), (1, 1), (1, 1)),
    ],
)
def test_places(keys: tuple[str | int, ...], key: tuple[int, int], value: tuple[int, int]) -> None:
    document = parse(TEXT, "f")
    assert (document.key(keys), document.value(keys)) == (Place("f", *key), Place("f", *value))


def test_all_problems_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse("a: &x 1\nb: *x\na: yes\nc: !!str d\ne:\n", "f")
    assert [(problem.line, problem.key) for problem in caught.value.problems] == [
        (1, "a"),
        (2, "b"),
        (3, "a"),
        (3, "a"),
        (4, "c"),
        (5, "e"),
    ]


def test_dotted() -> None:
    assert dotted(("network", "egress", 0, "cidr")) == "network.egress[0].cidr"
    assert dotted(()) == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-7", -7),
        ("1000", 1000),
        ("0.5", 0.5),
        ("-1.25", -1.25),
        ("64Gi", "64Gi"),
        ("10.20.0.0/24", "10.20.0.0/24"),
        ("1.2.3", "1.2.3"),
        ("norway", "norway"),
        ("e3", "e3"),
        ("CC-1042", "CC-1042"),
        ("10:20:foo", "10:20:foo"),
        ("2026-01", "2026-01"),
        ("-", "-"),
        ("NaN", "NaN"),
    ],
)
def test_scalars_that_all_read_alike(text: str, value: object) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


AMBIGUOUS = {
    "words": "NO no Yes on OFF y N True TRUE FALSE ~ null Null NULL << =",
    "whole numbers": "0777 08 00 0o17 0x10 0xFF 0b1 1_000 1__0 +1 -0 1234567890123456789",
    "decimals": "1e3 1E-3 1.5e3 .5 1. +.5 .inf -.inf .NaN .nan",
    "times and dates": "12:30:00 1:2 190:20:30.15 2026-01-01 2026-1-1 2026-01-01T00:00:00Z",
}


@pytest.mark.parametrize("text", [*" ".join(AMBIGUOUS.values()).split(), "", "2026-01-01 10:00:00"])
def test_scalars_that_are_refused(text: str) -> None:
    with pytest.raises(AmbiguousError):
        resolve(text)


@given(st.text("0123456789_.:eExobfa+-~ynNO<=T", max_size=12))
@settings(max_examples=500, deadline=None)
def test_what_is_text_here_is_text_in_yaml_1_1(text: str) -> None:
    """Against PyYAML's own resolver: nothing that it reads as more than text is text here."""
    resolver = yaml.resolver.Resolver()
    try:
        value = resolve(text)
    except AmbiguousError:
        return
    tag = resolver.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # its stub has none
    kinds = {bool: "bool", int: "int", float: "float", str: "str"}
    assert tag == f"tag:yaml.org,2002:{kinds[type(value)]}"


CHARACTERS = st.text(st.sampled_from("ab0: -\n[]{},&*!|>'\"%@#?~<é="), max_size=60)


@given(CHARACTERS)
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_mapping_or_a_problem(text: str) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        parse(text, "f")
    except InputError as error:
        problems = error.problems
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.what
        assert problem.fix


VALUES = st.recursive(
    st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc-.", max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc~1", max_size=4), VALUES, max_size=4))
@settings(max_examples=100, deadline=None)
def test_json_is_read_as_it_is(data: dict[str, object]) -> None:
    """JSON quotes all text, so nothing in it is doubtful."""

    def lists(value: object) -> object:
        if isinstance(value, dict):
            return {key: lists(inner) for key, inner in value.items()}
        return [lists(inner) for inner in value] if isinstance(value, tuple) else value

    assert lists(parse(json.dumps(data, ensure_ascii=False), "f").data) == data
