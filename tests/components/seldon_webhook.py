"""What Seldon's webhook refuses, told again by its source at 1.17.1, to hold what is rendered against it."""

from __future__ import annotations

from collections import Counter
from typing import Any

PREPACKAGED = ("HUGGINGFACE_SERVER", "MLFLOW_SERVER", "SKLEARN_SERVER", "TRITON_SERVER", "XGBOOST_SERVER")
WITHOUT_FILES = ("HUGGINGFACE_SERVER",)
"""Servers that may load from a hub."""


def complaints(spec: dict[str, Any]) -> list[str]:
    """In the webhook's own words, shortened."""
    predictors = spec["predictors"]
    found = ["Graph contains no predictors"] if not predictors else []
    if spec.get("protocol", "") not in ("", "seldon", "tensorflow", "kfserving", "v2"):
        found.append("Invalid protocol")
    if len(predictors) == 1 and predictors[0].get("shadow"):
        found.append("Shadow can not exist as only predictor")
    found += ["Duplicate predictor name" for count in Counter(one["name"] for one in predictors).values() if count > 1]
    for one in predictors:
        found += _unit(one)
    return [*found, *_traffic(predictors)]


def _unit(predictor: dict[str, Any]) -> list[str]:
    unit = predictor["graph"]
    containers = [
        container["name"] for part in predictor.get("componentSpecs", []) for container in part["spec"]["containers"]
    ]
    server, found = unit.get("implementation"), []
    if server is None and unit["name"] not in containers:
        found.append("Can't find container for Predictive Unit")
    if server is not None and server not in PREPACKAGED:
        found.append(f"No entry in predictors map for {server}")
    if server and not unit.get("modelUri") and server not in WITHOUT_FILES:
        found.append("Predictive unit modelUri required when using standalone servers")
    if "logger" in unit and not unit["logger"].get("mode"):
        found.append("No logger mode specified")
    return found


def _traffic(predictors: list[dict[str, Any]]) -> list[str]:
    shadows = [one for one in predictors if one.get("shadow")]
    serving = [one for one in predictors if not one.get("shadow")]
    total, found = sum(one.get("traffic", 0) for one in serving), []
    if len(shadows) > 1:
        found.append("Multiple shadows are not allowed")
    found += ["shadow traffic is illegal" for one in shadows if not 0 <= one.get("traffic", 0) <= 100]
    if total != 100 and len(serving) > 1:
        found.append("Traffic must sum to 100 for multiple predictors")
    if 0 < total < 100 and len(predictors) == 1:
        found.append("Traffic must sum be 100 for a single predictor when set")
    return found
