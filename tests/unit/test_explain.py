"""Whatever a file holds, its problems are plain words."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tenantry.environment import EnvironmentSpec
from tenantry.errors import InputError
from tenantry.explain import check
from tenantry.fields import Block
from tenantry.model_spec import ModelSpec
from tenantry.partial import file_model
from tenantry.schema import model_schema
from tenantry.yaml_source import parse

MODELS: tuple[type[Block], ...] = (file_model(), EnvironmentSpec, ModelSpec)
KEYS = sorted(
    {
        name
        for model in (file_model(), ModelSpec)
        for block in model_schema(model)["$defs"].values()
        for name in block.get("properties", ())
    }
)
ODD = st.sampled_from(
    [True, False, 0, -1, 10**17, 1.5, "", "x", "a10g", "64Gi", "10.20.0.0/24", "prod", [], {}, [[]], [{}], ["a", "a"]]
)
DATA = st.recursive(
    ODD,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "a10g", "prod", "?"]), inner, max_size=4)
    ),
    max_leaves=20,
)
FILES = st.dictionaries(
    st.sampled_from([*(name for model in MODELS for name in model.model_fields), "?"]), DATA, max_size=8
)


def problems(model: type[Block], data: object) -> list[str]:
    try:
        check(model, parse(json.dumps(data), "f"))
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


@given(FILES)
@settings(max_examples=200, deadline=None)
def test_no_file_leaves_the_table(data: dict[str, object]) -> None:
    for model in MODELS:
        found = problems(model, data)
        assert found, "id is always missing or wrong here"
        for problem in found:
            assert problem.startswith("f:")
            assert problem[-1] in ".?"
            assert "<" not in problem, "pydantic's or our own marks"
            assert "PydanticUndefined" not in problem


def test_a_wrong_item_does_not_make_a_list_short() -> None:
    found = problems(file_model(), {"id": "a", "owner": {}, "access": {"admins": ["*"]}})
    assert [problem.split(": ")[1] for problem in found if "access" in problem] == ["access.admins[0]"]
