"""The editor's schema is fresh, accepts what is right, and agrees with the models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tenantry.environment import EnvironmentSpec
from tenantry.errors import InputError
from tenantry.explain import check
from tenantry.fields import Block
from tenantry.model_spec import ModelSpec
from tenantry.partial import FIXED, file_model, override_model
from tenantry.schema import (
    model_schema,
    served_model_schema,
    served_model_schema_text,
    subschema,
    tenant_schema,
    tenant_schema_text,
)
from tenantry.tenant_spec import TenantSpec
from tenantry.yaml_source import parse, read
from tests.unit.projects import CASES, TENANT

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "tenants").glob("*/tenant.yaml"))
MODELS = sorted(
    file for root in (ROOT, CASES / "valid/models-of-the-demo") for file in root.glob("tenants/*/models/*.yaml")
)

WRONG = {
    "unknown key": "quotas: {}\n",
    "unknown key in a block": "quota: {gpuz: 1}\n",
    "text for a number": 'quota: {cpu: "4"}\n',
    "out of range": "quota: {cpu: 0}\n",
    "unknown flavor": "quota: {gpus: {a10: 1}}\n",
    "decimal quantity": "quota: {memory: 64G}\n",
    "unknown word": "lifecycle: gone\n",
    "true for a block": "serving: true\n",
    "no label": "tier: Small\n",
    "id in an override": "overrides: {prod: {id: other}}\n",
    "override of no environment": "overrides: {Prod: {}}\n",
    "unknown key in an override": "overrides: {prod: {quota: {cpus: 1}}}\n",
    "too few": "environments: []\n",
    "group": "access: {admins: ['*']}\n",
    "incomplete item": "network: {egress: [{name: a}]}\n",
}


WRONG_MODELS = {
    "unknown key": ("drift:", "drfit:"),
    "unknown key in a block": ("cpu: 2", "cpus: 2"),
    "unknown word": ("mlflow", "torch"),
    "number for text": ('version: "13"', "version: 13"),
    "no traffic": ("traffic: 10", "traffic: 0"),
    "all traffic": ("traffic: 10", "traffic: 100"),
    "unknown strategy": ("canary", "blue-green"),
    "unknown flavor": ("a10g", "a10"),
    "text for a metric": ("auc: 0.905", 'auc: "0.905"'),
    "no digest": ("sha256:aaaa", "sha256:a"),
    "another scheme": ("s3://artifacts/models/defect-detector/13", "gs://artifacts/models/defect-detector/13"),
    "negative regression": ("max_regression: 0.01", "max_regression: -0.01"),
    "no features": ("[width, height]", "[]"),
}
"""A change to the case with every key that both the editor and the reader refuse."""


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(tenant_schema())
    return jsonschema.Draft202012Validator(tenant_schema())


def as_json(text: str) -> Any:
    return json.loads(json.dumps(parse(text, "f").data))


def test_the_file_is_fresh() -> None:
    assert (ROOT / "tenants/tenant.schema.json").read_text(encoding="utf-8") == tenant_schema_text(), (
        "run: tenantry schema --write"
    )


def test_the_file_for_models_is_fresh() -> None:
    assert (ROOT / "tenants/model.schema.json").read_text(encoding="utf-8") == served_model_schema_text(), (
        "run: tenantry schema --write"
    )


@pytest.mark.parametrize(
    "file", sorted((CASES / "valid").glob("*/tenants/*/models/*.yaml")), ids=lambda file: "/".join(file.parts[-5:])
)
def test_accepts_every_model_of_a_valid_case(file: Path) -> None:
    validator = jsonschema.Draft202012Validator(served_model_schema())
    validator.validate(json.loads(json.dumps(read(file, root=CASES).data)))


@pytest.mark.parametrize(("right", "wrong"), WRONG_MODELS.values(), ids=WRONG_MODELS)
def test_refuses_the_models_that_the_reader_refuses(right: str, wrong: str) -> None:
    file = CASES / "valid/models-every-key/tenants/vision/models/defect-detector.yaml"
    text = file.read_text().replace(right, wrong)
    assert text != file.read_text()
    assert not jsonschema.Draft202012Validator(served_model_schema()).is_valid(as_json(text))
    with pytest.raises(InputError):
        check(ModelSpec, parse(text, "f"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_accepts_the_examples(file: Path, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(json.loads(json.dumps(read(file, root=ROOT).data)))


@pytest.mark.parametrize("file", MODELS, ids=lambda file: "/".join(file.parts[-5:]))
def test_the_example_models_name_theirs(file: Path) -> None:
    first, _, text = file.read_text().partition("\n")
    assert first == "# yaml-language-server: $schema=../../model.schema.json"
    jsonschema.Draft202012Validator(served_model_schema()).validate(as_json(text))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_the_examples_name_it(file: Path) -> None:
    assert file.read_text().startswith("# yaml-language-server: $schema=../tenant.schema.json\n")


@pytest.mark.parametrize(
    "file", sorted((CASES / "valid").glob("*/tenants/*/tenant.yaml")), ids=lambda file: "/".join(file.parts[-4:-1])
)
def test_accepts_every_valid_case(file: Path, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(json.loads(json.dumps(read(file, root=CASES).data)))


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_refuses_what_the_model_refuses(text: str, validator: jsonschema.Draft202012Validator) -> None:
    lines = TENANT.splitlines(keepends=True)
    whole = "".join(line for line in lines if line.split(":")[0] != text.split(":", maxsplit=1)[0]) + text
    assert not validator.is_valid(as_json(whole))
    with pytest.raises(InputError):
        check(file_model(), parse(whole, "f"))


def test_requires_what_no_tier_can_give() -> None:
    assert tenant_schema()["required"] == ["id", "owner", "access"]


def test_overrides_hold_everything_else() -> None:
    assert set(override_model().model_fields) == set(TenantSpec.model_fields) - FIXED
    assert not any(info.is_required() for info in override_model().model_fields.values())


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key that the schema knows, with the reference that describes its type followed."""
    for name, value in schema.get("properties", {}).items():
        yield f"{path}.{name}", value
    for name, value in schema.get("$defs", {}).items():
        yield from properties(value, f"{path}#{name}")


@pytest.mark.parametrize("model", [file_model(), EnvironmentSpec, ModelSpec], ids=["tenant", "environment", "model"])
def test_every_key_is_described(model: type[Block]) -> None:
    schema = model_schema(model)
    known = list(properties(schema))
    assert len(known) > 30
    assert [
        key for key, value in known if not subschema({**value, "$defs": schema["$defs"]}, ()).get("description")
    ] == []


@pytest.mark.parametrize("model", [file_model(), EnvironmentSpec, ModelSpec], ids=["tenant", "environment", "model"])
def test_every_number_and_list_has_a_limit(model: type[Block]) -> None:
    limits = {"integer": "maximum", "number": "maximum", "string": "maxLength"}
    unlimited = [
        key
        for key, value in properties(model_schema(model))
        if (limit := limits.get(value.get("type", ""))) and limit not in value and "enum" not in value
    ]
    # Ceilings are the platform team's own limits; what stands above every pool is refused.
    assert [key for key in unlimited if not key.startswith("#CeilingSpec")] == []


def test_no_null_and_no_titles() -> None:
    for text in (tenant_schema_text(), served_model_schema_text()):
        assert "null" not in text
        assert text.count('"title"') == 1
