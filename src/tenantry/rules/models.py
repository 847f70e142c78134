"""A team's models fit the team: its environment, its store, its quota. Seen in one environment."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry.effective import EffectiveTenant
from tenantry.errors import Problem
from tenantry.models import addresses
from tenantry.models.effective import EffectiveModel
from tenantry.near import near
from tenantry.rules import model_room


def of_tenant(tenant: EffectiveTenant) -> Iterator[Problem]:
    """What is wrong with the models of a tenant in one environment."""
    yield from serving(tenant)
    yield from model_room.quota(tenant)
    for model in tenant.models:
        for rule in OF_A_MODEL:
            yield from rule(tenant, model)


def serving(tenant: EffectiveTenant) -> Iterator[Problem]:
    """Models need serving, and it is not taken away below them."""
    if tenant.spec.serving is not False or not tenant.models:
        return
    where, origin = tenant.environment.id, tenant.origins["serving"]
    if origin.layer in {"file", "override"}:
        live = ", ".join(model.spec.id for model in tenant.models)
        what = f"is false in {where}, where models are served: {live}"
        fix = "Drain first: remove their files and apply that (tenantry up), then write false"
        yield origin.problem(what, fix)
        return
    for model in tenant.models:
        what = f"{tenant.spec.id} has no serving in {where}, where its tier leaves it out"
        fix = f"Write serving into {tenant.source}, or name the environments that the model is served in"
        yield model.problem(what, fix, "environments")


def stores(tenant: EffectiveTenant, model: EffectiveModel) -> Iterator[Problem]:
    """Files and reports lie in the team's own store."""
    for key, version in model.spec.versions.items():
        report = version.evidence.report if version.evidence else None
        for keys, uri in (((key, "uri"), version.uri), ((key, "evidence", "report"), report)):
            if uri and not addresses.is_own(uri, tenant.spec.id):
                what = f"{addresses.bucket(uri)} is not the store of {tenant.spec.id} in {tenant.environment.id}"
                fix = f"Write s3://{addresses.OWN}/…: {addresses.OWN} is the team's own store everywhere"
                yield model.problem(what, fix, *keys)


def reachable(tenant: EffectiveTenant, model: EffectiveModel) -> Iterator[Problem]:
    """Files are read from the store of the team's Pipelines: without it there is neither store nor keys."""
    if tenant.spec.pipelines is not False:
        return
    where = tenant.environment.id
    for key, version in model.spec.versions.items():
        if version.uri:
            what = f"{tenant.spec.id} has no store in {where}: that is part of its Pipelines, which it has not"
            fix = f"Write pipelines into {tenant.source}, or serve an image that has the model in it (runtime: custom)"
            yield model.problem(what, fix, key, "uri")


def images(tenant: EffectiveTenant, model: EffectiveModel) -> Iterator[Problem]:
    """Containers come from registries that the environment lets in."""
    known = tenant.environment.image_registries
    for key, version in model.spec.versions.items():
        if version.image and not version.image.startswith(tuple(f"{registry}/" for registry in known)):
            registry = version.image.partition("@")[0].rpartition("/")[0]
            what = f"{tenant.environment.id} takes no images from {registry}"
            yield model.problem(what, near(registry, known), key, "image")


OF_A_MODEL = (stores, reachable, images, model_room.replicas, model_room.node)
