"""What Seldon's webhook would refuse is refused in the pull request, and what is rendered it takes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tenantry.models.runtimes import RUNTIMES
from tenantry.serving.deployment import spec
from tests.components import models
from tests.components.models import CANARY, CHANGES, SHADOW, STABLE
from tests.components.seldon_webhook import PREPACKAGED, complaints

CASES = Path(__file__).parents[1] / "cases/invalid"
Json = dict[str, Any]
TEXTS = {text for change in CHANGES.values() for text in change if text}


def rendered(folder: Path, text: str) -> Json:
    return spec(models.model(folder, text).spec, "vision", {"a10g": ["a10g"]})


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_whatever_is_rendered_is_taken(tmp_path: Path, text: str) -> None:
    assert complaints(rendered(tmp_path, text)) == []


@pytest.mark.parametrize("percent", range(1, 100))
def test_every_share_adds_up(tmp_path: Path, percent: int) -> None:
    made = rendered(tmp_path, CANARY.replace("traffic: 10", f"traffic: {percent}"))
    assert complaints(made) == []
    assert [one["traffic"] for one in made["predictors"]] == [100 - percent, percent]


def test_every_server_is_one_that_the_operator_is_told_of() -> None:
    assert {runtime.implementation for runtime in RUNTIMES.values()} - {None} == set(PREPACKAGED)


def edited(made: Json, edit: Callable[[Json], object]) -> Json:
    found = copy.deepcopy(made)
    edit(found)
    return found


BREACHES: dict[str, tuple[str, Callable[[Json], object], tuple[str, ...]]] = {
    "Traffic must sum to 100 for multiple predictors": (
        CANARY,
        lambda s: s["predictors"][1].update(traffic=11),
        ("model-traffic-0", "model-traffic-100", "model-traffic-101", "model-traffic-missing"),
    ),
    "Traffic must sum be 100 for a single predictor when set": (
        STABLE,
        lambda s: s["predictors"][0].update(traffic=50),
        # A stable version has no share of its own to get wrong.
        ("model-unknown-key",),
    ),
    "Shadow can not exist as only predictor": (
        SHADOW,
        lambda s: s["predictors"].pop(0),
        ("model-shadow-alone",),
    ),
    "shadow traffic is illegal": (
        SHADOW,
        lambda s: s["predictors"][1].update(traffic=101),
        ("model-shadow-without-mirror", "model-shadow-with-traffic"),
    ),
    "Multiple shadows are not allowed": (
        SHADOW,
        lambda s: s["predictors"].append({**s["predictors"][1], "name": "v14"}),
        # There is one candidate, and no list of them.
        ("model-unknown-key",),
    ),
    "Duplicate predictor name": (
        CANARY,
        lambda s: s["predictors"][1].update(name="v12"),
        ("model-candidate-same-version",),
    ),
    "Predictive unit modelUri required when using standalone servers": (
        STABLE,
        lambda s: s["predictors"][0]["graph"].pop("modelUri"),
        ("model-uri-missing",),
    ),
    "No entry in predictors map for MAGIC_SERVER": (
        STABLE,
        lambda s: s["predictors"][0]["graph"].update(implementation="MAGIC_SERVER"),
        ("model-runtime-unknown",),
    ),
    "Can't find container for Predictive Unit": (
        STABLE,
        lambda s: (
            s["predictors"][0]["graph"].pop("implementation"),
            s["predictors"][0]["componentSpecs"][0]["spec"]["containers"][0].update(name="other"),
        ),
        ("model-image-missing",),
    ),
    "Invalid protocol": (STABLE, lambda s: s.update(protocol="v3"), ("model-protocol-of-another",)),
    "No logger mode specified": (
        STABLE,
        lambda s: s["predictors"][0]["graph"].update(logger={"url": "http://x"}),
        ("model-unknown-key",),
    ),
}
"""What the webhook says; a rendered model with one edit of which it says so; cases of files that are refused for it."""


@pytest.mark.parametrize("says", BREACHES)
def test_each_of_its_rules_has_its_case_in_the_files(tmp_path: Path, says: str) -> None:
    text, edit, cases = BREACHES[says]
    assert complaints(edited(rendered(tmp_path, text), edit)) == [says]
    for case in cases:
        assert "models/" in (CASES / case / "expect.txt").read_text("utf-8"), case


def test_names_over_63_have_their_case_too() -> None:
    """The operator puts a hash in their place, and refuses nothing."""
    assert "of up to 64 characters" in (CASES / "model-id-too-long/expect.txt").read_text("utf-8")
