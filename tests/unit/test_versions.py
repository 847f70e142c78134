"""Which team gets which release, and what belongs to a release."""

from __future__ import annotations

import re

import pytest

from tenantry.errors import InputError
from tenantry.versions import (
    PIPELINES,
    PIPELINES_CANARIES,
    PIPELINES_VERSION,
    REGISTRY,
    SELDON,
    SELDON_CANARIES,
    SELDON_VERSION,
    PipelinesRelease,
    RegistryRelease,
    SeldonRelease,
    pipelines_release,
    released_images,
    seldon_release,
)


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
    releases: list[tuple[str, PipelinesRelease | RegistryRelease | SeldonRelease]] = []
    releases += [*PIPELINES.items(), *REGISTRY.items(), *SELDON.items()]
    for version, release in releases:
        assert release.version == version
        for image in release.images.values():
            assert re.fullmatch(r"[a-z0-9.]+\.[a-z]+(/[a-z0-9._-]+)+:v?\d[\w.-]*", image), image


def test_nobody_gets_a_licence_that_was_not_accepted() -> None:
    """1.17.1 is the last release of Seldon Core v1 under Apache-2.0."""
    assert {version: release.licence for version, release in SELDON.items()} == {
        "1.17.1": "Apache-2.0",
        "1.18.2": "BSL-1.1",
    }
    assert SELDON[SELDON_VERSION].licence == "Apache-2.0"
    assert {SELDON_VERSION, *SELDON_CANARIES.values()} <= SELDON.keys()
    canary = {"vision.prod": "1.18.2"}
    assert seldon_release("vision.prod", accept_bsl=True, canaries=canary).version == "1.18.2"
    assert seldon_release("nlp.prod", accept_bsl=False, canaries=canary).version == "1.17.1"
    with pytest.raises(InputError) as caught:
        seldon_release("vision.prod", accept_bsl=False, canaries=canary)
    [problem] = caught.value.problems
    assert problem.what == "Seldon Core 1.18.2, which vision.prod is to get, is under BSL-1.1"
    assert "accept_bsl: true below serving in the environment's file" in problem.fix
    with pytest.raises(InputError) as caught:
        seldon_release("vision.prod", accept_bsl=True, canaries={"vision.prod": "2.9.1"})
    assert "Known: 1.17.1, 1.18.2" in caught.value.problems[0].fix


def test_every_image_of_a_release_is_listed() -> None:
    assert {*PIPELINES["2.17.0"].images.values(), *SELDON["1.17.1"].images.values()} <= released_images()
