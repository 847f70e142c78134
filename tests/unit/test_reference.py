"""The reference pages are what the program says of itself now, and say all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tenantry.cli.app import MODEL_VERBS, SANDBOX_VERBS, VERBS
from tenantry.reference import model_file, tenant_file
from tenantry.reference.command_line import command_line
from tenantry.reference.keys import Reference, allowed
from tenantry.reference.pages import PAGES
from tenantry.reference.table import table
from tenantry.schema import subschema

ROOT = Path(__file__).parents[2]
REFERENCES = {"tenant": tenant_file.reference(), "model": model_file.reference()}
BY_KIND = pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == PAGES[name](), "write it anew: python -m tenantry.reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_found_from_the_readme(name: str) -> None:
    assert f"](docs/{name})" in (ROOT / "README.md").read_text("utf-8")


def test_every_verb_has_a_section_with_its_options() -> None:
    sections = dict(re.findall(r"(?ms)^## (tenantry .+?)$(.+?)(?=^## |\Z)", command_line()))
    below = {"model": MODEL_VERBS, "sandbox": SANDBOX_VERBS}
    every = [*VERBS, *(f"{group} {verb}" for group, verbs in below.items() for verb in verbs)]
    assert list(sections) == [f"tenantry {verb}" for verb in every]
    assert "| `-y, --yes` | Do it without asking. |" in sections["tenantry up"]
    for name, section in sections.items():
        assert f"\n{name}" in section, f"{name} has no example"
        assert "--root PATH" in section


@BY_KIND
def test_every_key_has_a_row(reference: Reference) -> None:
    sections = list(reference.sections())
    for keys, section in zip(reference.blocks(), sections, strict=True):
        for name in subschema(reference.schema, keys).get("properties", {}):
            assert re.search(rf"^\| \[?`{name}`", section, re.MULTILINE), (*keys, name)


def test_every_block_has_a_section() -> None:
    tenant, model = (set(reference.blocks()) for reference in REFERENCES.values())
    assert tenant >= {("quota",), ("monitoring",), ("network",), ("owner",), ("monitoring", "receivers", 0)}
    assert model >= {("stable", "evidence"), ("candidate", "rollout"), ("gate", "auc"), ("resources", "gpu")}
    # Both versions have the same evidence, said once.
    assert ("candidate", "evidence") not in model


def test_any_other_key_of_evidence_is_a_metric() -> None:
    assert "| any other | A metric, by its name. |" in model_file.model_file()


@BY_KIND
def test_every_link_leads_to_a_section(reference: Reference) -> None:
    page = "\n".join(reference.sections())
    anchors = {re.sub(r"[^a-z0-9_-]", "", title.lower()) for title in re.findall(r"^## (.+)$", page, re.MULTILINE)}
    links = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert links
    assert links <= anchors


@BY_KIND
def test_every_list_says_what_empty_means(reference: Reference) -> None:
    for keys in reference.blocks():
        for name, node in subschema(reference.schema, keys).get("properties", {}).items():
            may_be_empty = node.get("type") in ("array", "object") and not {"minItems", "minProperties"} & node.keys()
            if may_be_empty and name != "overrides":
                assert "mpty" in node["description"], (*keys, name)


@BY_KIND
def test_the_example_has_every_key_and_is_valid(reference: Reference) -> None:
    example = yaml.safe_load(reference.example)
    Draft202012Validator(reference.schema).validate(example)
    for keys in reference.blocks():
        found = example
        for key in keys:
            found = found.get(key, {}) if isinstance(found, dict) else found[key]
        apart = {way[-1] for way in reference.otherwise if way[:-1] == keys}
        known = subschema(reference.schema, keys)["properties"].keys()
        assert found.keys() & known == known - (apart - found.keys()), keys


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
