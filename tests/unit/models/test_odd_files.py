"""Whatever a model's file holds, reading it ends in a model or in problems that have their places."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenantry.catalog import load_tenant
from tenantry.errors import InputError
from tenantry.models.gates import gate_annotations, outcome
from tenantry.yaml_source import Keys, read
from tests.unit.projects import CASES, project

CASE = CASES / "valid/models-every-key"
FILE = "tenants/vision/models/defect-detector.yaml"
RIGHT = json.loads(json.dumps(read(CASE / FILE, root=CASE).data))


def places(value: Any, keys: Keys = ()) -> list[Keys]:
    """The way to every value of a file."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(*keys,), *(place for key, item in inner for place in places(item, (*keys, key)))]


GONE = object()
NUMBERS = (True, 0, 1, 100, 101, -1, 0.5, 10**15)
WORDS = ("", "x", "12", "custom", "shadow", "lab", "prod", "a10g", "h100", "lower", "s3://artifacts/x", "s3://nlp/x")
BLOCKS: tuple[Any, ...] = ([], {}, [""], {"auc": {}}, {"max_regression": 1}, [25, 50])
ODD = st.sampled_from([GONE, *NUMBERS, *WORDS, *BLOCKS])


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("odd") / "project", CASE)


@given(edits=st.lists(st.tuples(st.sampled_from(places(RIGHT)[1:]), ODD), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_surprises(root: Path, edits: list[tuple[Keys, Any]]) -> None:
    data = copy.deepcopy(RIGHT)
    for keys, value in edits:
        put(data, keys, value)
    (root / FILE).write_text(json.dumps(data))
    try:
        models = load_tenant(root, "vision", "lab").models
    except InputError as error:
        for problem in error.problems:
            assert problem.path.startswith("tenants/vision/")
            assert problem.key or problem.what
            assert str(problem)[-1] in ".?"
            assert "None" not in str(problem)
        return
    for model in models:
        assert gate_annotations(model.spec)["tenantry.dev/gate"] == outcome(model.spec)


def put(data: Any, keys: Keys, value: object) -> None:
    """Put a value where it was, if an earlier edit has left its place."""
    for key in keys[:-1]:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(data, dict) and value is GONE:
        data.pop(keys[-1], None)
    elif isinstance(data, dict):
        data[keys[-1]] = value
    elif isinstance(data, list) and isinstance(keys[-1], int) and keys[-1] < len(data):
        data[keys[-1]] = "" if value is GONE else value


def test_the_places_are_those_of_the_file() -> None:
    assert ("candidate", "rollout", "steps", 1) in places(RIGHT)
    assert len(places(RIGHT)) > 50
