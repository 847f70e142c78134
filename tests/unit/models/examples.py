"""A model that passes its gate, and changes to it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tenantry.model_spec import ModelSpec

DATA, OTHER_DATA = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
OVERRIDE = {"reason": "The new camera has no labels yet.", "approved_by": "head@example.com"}

_STABLE = {
    "version": "12",
    "uri": "s3://artifacts/models/defect-detector/12",
    "evidence": {"auc": 0.91, "latency_ms": 40, "dataset": DATA, "report": "s3://artifacts/reports/12"},
}
_CANDIDATE = {
    "version": "13",
    "uri": "s3://artifacts/models/defect-detector/13",
    "evidence": {"auc": 0.9, "latency_ms": 40, "dataset": DATA, "report": "s3://artifacts/reports/13"},
    "rollout": {"strategy": "canary", "traffic": 10},
}
_MODEL = {
    "id": "defect-detector",
    "runtime": "mlflow",
    "resources": {"cpu": 2, "memory": "4Gi"},
    "stable": _STABLE,
    "candidate": _CANDIDATE,
    "gate": {"auc": {"min": 0.9, "max_regression": 0.01}, "latency_ms": {"max": 50, "max_regression": 0}},
}

Edit = Callable[[dict[str, Any]], object]


def model(*edits: Edit) -> ModelSpec:
    """The example, with changes to what its file says."""
    data = copy.deepcopy(_MODEL)
    for edit in edits:
        edit(data)
    return ModelSpec.model_validate(data)


def put(value: object, *keys: str) -> Edit:
    """Write a value at these keys; None takes away what is there."""

    def edit(data: dict[str, Any]) -> None:
        block = data
        for key in keys[:-1]:
            block = block[key]
        if value is None:
            del block[keys[-1]]
        else:
            block[keys[-1]] = value

    return edit
