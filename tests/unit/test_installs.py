"""What runs for a team besides its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tenantry import versions
from tenantry.catalog import load_tenant
from tenantry.installs import INSTALLS, installs
from tenantry.pipelines.footprint import footprint_of
from tenantry.tenant_spec import TenantSpec

ROOT = Path(__file__).parents[2]


def test_vision_has_what_its_file_asks_for() -> None:
    vision = load_tenant(ROOT, "vision", "sandbox")
    [first, *_] = installs(vision)
    assert (first.key, first.product, first.version) == ("pipelines", "Kubeflow Pipelines", "2.17.0")
    assert first.footprint == footprint_of(vision)


def test_who_wants_none_has_none() -> None:
    vision = load_tenant(ROOT, "vision", "sandbox")
    without = replace(vision, spec=vision.spec.model_copy(update=dict.fromkeys(INSTALLS, False)))
    assert installs(without) == ()
    assert [one.key for one in installs(load_tenant(ROOT, "nlp", "sandbox"))] == []


def test_every_key_is_one_of_the_tenants_file() -> None:
    assert INSTALLS.keys() <= TenantSpec.model_fields.keys()


def test_every_image_that_may_go_by_its_tag_has_one() -> None:
    images = versions.released_images()
    assert set(versions.PIPELINES["2.17.0"].images.values()) <= images
    for image in images:
        name, _, tag = image.rpartition(":")
        assert "/" not in tag, image
        assert name.count("/") >= 1, image
        assert any(letter.isdigit() for letter in tag), image
        assert "latest" not in tag, image


@pytest.mark.parametrize("key", INSTALLS)
def test_an_install_says_which_key_it_is_of(key: str) -> None:
    assert INSTALLS[key](load_tenant(ROOT, "vision", "sandbox")).key == key
