"""Objects that the real programs made, as they were sent: without what the API server has added since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "captured"
FILLED_IN = ("priority", "preemptionPolicy", "serviceAccount")
"""Fields of a pod that the API server writes."""


def pod(name: str) -> dict[str, Any]:
    """A pod of a workflow."""
    [made] = documents(name)
    spec = made["spec"]
    for field in FILLED_IN:
        spec.pop(field, None)
    return made


def deployments(name: str) -> list[dict[str, Any]]:
    """Deployments of an operator. Their owner is not there, and what is owned by nobody is collected."""
    return [item for item in documents(name) if item["kind"] == "Deployment"]


def documents(name: str) -> list[dict[str, Any]]:
    """Everything in a file, owned by nobody."""
    found = [item for item in yaml.safe_load_all((FOLDER / name).read_text("utf-8")) if item]
    for item in found:
        item["metadata"].pop("ownerReferences", None)
    return found
