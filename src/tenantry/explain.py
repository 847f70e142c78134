"""What pydantic finds wrong, said in plain words with its place: one table, and one way to order the right thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tenantry.errors import InputError, Problem
from tenantry.fields import OFF, SETTINGS, Block
from tenantry.formats import WRONG, shown
from tenantry.near import near
from tenantry.schema import Schema, model_schema, subschema
from tenantry.yaml_source import Document, dotted

Model = TypeVar("Model", bound=Block)

DICT_KEY = "[key]"
"""Last step of pydantic's location where the key of a mapping is wrong, and not its value."""

WHAT: Mapping[str, str] = {
    WRONG: "{what}",
    "missing": "is missing",
    "extra_forbidden": "no such key",
    "bool_type": "{value} is neither true nor false",
    "string_type": "{value} is not text",
    "int_type": "{value} is not a whole number",
    "float_type": "{value} is not a number",
    "greater_than": "{value} is too small",
    "greater_than_equal": "{value} is too small",
    "less_than_equal": "{value} is too large",
    "literal_error": "{value} is not one of the words",
    "tuple_type": "{value} is not a list",
    "too_short": "has too few items: {actual_length}",
    "too_long": "has too many items: {actual_length}",
    "dict_type": "{value} is not a block of keys",
    "model_type": "{value} is not a block of keys",
}
"""What is wrong, by pydantic's type of error. A test sees to it that every type the models can raise is here."""


def check(model: type[Model], document: Document) -> Model:
    """A document as a model.

    Raises:
        InputError: with a problem for each thing that is wrong.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        details = [detail for detail in error.errors() if not _is_echo(detail)]
        raise InputError(_problem(detail, model, document) for detail in details) from error


def _is_echo(detail: ErrorDetails) -> bool:
    """Whether a list is only short because pydantic leaves out its wrong items, each of which has its own error."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _problem(detail: ErrorDetails, model: type[Block], document: Document) -> Problem:
    keys = tuple(key for key in detail["loc"] if key not in {SETTINGS, OFF, DICT_KEY})
    schema = subschema(model_schema(model), keys)
    at_key = detail["type"] in {"extra_forbidden", "missing"} or DICT_KEY in detail["loc"]
    place = document.key(keys) if at_key else document.value(keys)
    context = {"value": shown(detail["input"]), **detail.get("ctx", {})}
    what = WHAT[detail["type"]].format(**context)
    if detail["type"] == "extra_forbidden":
        fix = near(str(keys[-1]), subschema(model_schema(model), keys[:-1]).get("properties", ()))
    else:
        fix = context.get("fix") or right(schema, detail)
    return Problem(*place, dotted(keys), what, fix.removesuffix("."))


def right(schema: Schema, detail: ErrorDetails) -> str:
    """What would be right, as an order, from the schema of the value."""
    if detail["type"] == "missing":
        return f"Add it: {schema.get('description', 'it has no default').split('. ')[0]}"
    if words := schema.get("enum"):
        return near(str(detail["input"]), words)
    return RIGHT[schema.get("type", "object")](schema)


def _number(schema: Schema) -> str:
    kind = "a whole number" if schema["type"] == "integer" else "a number"
    low, above, high = (schema.get(name) for name in ("minimum", "exclusiveMinimum", "maximum"))
    start = f"above {above} and up" if above is not None else f"from {low}"
    return f"Write {kind} {start}{f' to {high}' if high is not None else ''}"


def _list(schema: Schema) -> str:
    low, high = schema.get("minItems", 0), schema.get("maxItems")
    return f"Write a list, as in [a, b], of {low}{f' to {high}' if high else ' or more'} items"


def _block(schema: Schema) -> str:
    if fewest := schema.get("minProperties"):
        most = schema.get("maxProperties")
        return f"Write {fewest}{f' to {most}' if most else ' or more'} names, and below each what it has"
    known = ", ".join(schema.get("properties", ()))
    return f"Write its keys below it: {known}" if known else "Write {}"


RIGHT: Mapping[str, Callable[[Schema], str]] = {
    "integer": _number,
    "number": _number,
    "array": _list,
    "object": _block,
    "boolean": lambda _: "Write true or false, without quotes",
}
"""How to order the right thing, by JSON Schema's type. Text orders for itself, in `formats`."""
