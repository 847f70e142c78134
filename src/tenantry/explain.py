"""What pydantic finds wrong, said in plain words with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from tenantry.errors import InputError, Problem
from tenantry.layers import Origin
from tenantry.tenant_spec import Block
from tenantry.yaml_source import Document, dotted

Model = TypeVar("Model", bound=Block)


def check(model: type[Model], data: Mapping[str, Any], origins: Mapping[str, Origin], document: Document) -> Model:
    """The data as a model.

    Raises:
        InputError: with a problem for each thing that is wrong.
    """
    del origins
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(
            Problem(*document.value(e["loc"]), dotted(e["loc"]), e["msg"], "Correct it") for e in error.errors()
        ) from error
