"""The reference pages are what the program says of itself now, and say all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tenantry.cli.app import SANDBOX_VERBS, VERBS
from tenantry.reference.command_line import command_line
from tenantry.reference.pages import PAGES
from tenantry.reference.table import table
from tenantry.reference.tenant_file import EXAMPLE, allowed, blocks, tenant_file
from tenantry.schema import subschema, tenant_schema

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == PAGES[name](), "write it anew: python -m tenantry.reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_found_from_the_readme(name: str) -> None:
    assert f"](docs/{name})" in (ROOT / "README.md").read_text("utf-8")


def test_every_verb_has_a_section_with_its_options() -> None:
    sections = dict(re.findall(r"(?ms)^## (tenantry .+?)$(.+?)(?=^## |\Z)", command_line()))
    assert list(sections) == [f"tenantry {verb}" for verb in VERBS] + [f"tenantry sandbox {v}" for v in SANDBOX_VERBS]
    assert "| `-y, --yes` | Do it without asking. |" in sections["tenantry up"]
    for name, section in sections.items():
        assert f"\n{name}" in section, f"{name} has no example"
        assert "--root PATH" in section


def test_every_key_has_a_row() -> None:
    page = tenant_file()
    for keys in blocks():
        for name in subschema(tenant_schema(), keys).get("properties", {}):
            assert re.search(rf"^\| \[?`{name}`", page, re.MULTILINE), (*keys, name)
    assert {keys[:1] for keys in blocks()} >= {("quota",), ("monitoring",), ("network",), ("owner",)}
    assert ("monitoring", "receivers", 0) in set(blocks())


def test_every_list_says_what_empty_means() -> None:
    for keys in blocks():
        for name, node in subschema(tenant_schema(), keys).get("properties", {}).items():
            if node.get("type") in ("array", "object") and "minItems" not in node and name != "overrides":
                assert "mpty" in node["description"], (*keys, name)


def test_the_example_has_every_key_and_is_valid() -> None:
    example, schema = yaml.safe_load(EXAMPLE), tenant_schema()
    Draft202012Validator(schema).validate(example)
    for keys in blocks():
        found = example
        for key in keys:
            found = found[key]
        assert found.keys() == subschema(schema, keys)["properties"].keys()


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ({"enum": ["a", "b"], "type": "string"}, "`a`, `b`"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "a whole number from 1 to 9"),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 2}, "a number above 0, to 2"),
        ({"type": "boolean"}, "`true` or `false`"),
        ({"type": "string", "maxLength": 9}, "text of at most 9 characters"),
        ({"type": "array", "maxItems": 3, "items": {"type": "boolean"}}, "a list of at most 3: `true` or `false`"),
        ({"type": "array", "minItems": 1, "maxItems": 3, "items": {"$ref": "#/a"}}, "a list of 1 to 3: a block each"),
        (
            {"type": "object", "propertyNames": {"pattern": "a"}, "additionalProperties": {"type": "boolean"}},
            "a map from names to `true` or `false`",
        ),
    ],
)
def test_what_is_allowed_is_said_in_words(node: dict[str, object], words: str) -> None:
    assert allowed(node) == words


def test_no_cell_ends_early() -> None:
    assert table(("a", "b"), [("x | y", "two\nlines")]) == "| a | b |\n| --- | --- |\n| x \\| y | two lines |\n"
