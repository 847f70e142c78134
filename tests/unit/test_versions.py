"""Which team gets which release, and what belongs to a release."""

from __future__ import annotations

import re

import pytest

from tenantry.errors import InputError
from tenantry.versions import PIPELINES, PIPELINES_CANARIES, PIPELINES_VERSION, pipelines_release


def test_everybody_gets_the_same_but_the_canary() -> None:
    assert pipelines_release("vision.prod").version == PIPELINES_VERSION
    with pytest.raises(InputError) as caught:
        pipelines_release("vision.prod", {"vision.prod": "2.18.0"})
    [problem] = caught.value.problems
    assert problem.key == "PIPELINES_CANARIES.vision.prod"
    assert "Known: 2.17.0" in problem.fix
    assert pipelines_release("nlp.prod", {"vision.prod": "2.18.0"}).version == PIPELINES_VERSION


def test_every_canary_is_a_release_that_there_is() -> None:
    assert {PIPELINES_VERSION, *PIPELINES_CANARIES.values()} <= PIPELINES.keys()


def test_every_image_is_named_whole_and_has_a_tag_that_stays() -> None:
    for version, release in PIPELINES.items():
        assert release.version == version
        for image in release.images.values():
            assert re.fullmatch(r"[a-z0-9.]+\.[a-z]+(/[a-z0-9._-]+)+:v?\d[\w.-]*", image), image
