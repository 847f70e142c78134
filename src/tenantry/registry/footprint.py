"""What a team's registry takes of the cluster, whether or not anybody uses it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenantry.models import addresses
from tenantry.pipelines.footprint import Footprint, Resources
from tenantry.registry import words
from tenantry.registry.stores import ON_VOLUME, OWN_DATABASE, Artifacts, Database, in_store

if TYPE_CHECKING:
    from tenantry.effective import EffectiveTenant

PARTS: Mapping[str, Resources] = MappingProxyType(
    {words.SERVER: Resources(100, 1000, 512, 2048), words.DATABASE: Resources(50, 500, 128, 512)}
)
"""Resources of each Deployment's one container, as upstream's tests of Pipelines with MLflow have them."""
DATABASE_GIB = 10
"""Size of the database's volume, in GiB. A run is a few KiB."""
ARTIFACTS_GIB = 50
"""Size of the volume of the artifacts, in GiB, where they are on one. Nothing deletes a model by itself."""


def footprint(database: Database, artifacts: Artifacts) -> Footprint:
    """What an install takes: every part that this one has, once. Deployments are recreated, never doubled."""
    taken = [one for name, one in PARTS.items() if name != words.DATABASE or database.in_namespace]
    return Footprint(
        pods=len(taken),
        cpu=sum(one.cpu for one in taken),
        memory=sum(one.memory for one in taken),
        memory_limit=sum(one.memory_limit for one in taken),
        storage=DATABASE_GIB * database.in_namespace + ARTIFACTS_GIB * artifacts.on_volume,
    )


def artifacts_of(tenant: EffectiveTenant) -> Artifacts:
    """Where the files of a tenant's models are: in the object store of its Pipelines, which model servers read too.

    Without one, on a volume. Turning Pipelines on or off later would leave the files behind: where volumes are
    protected, the engine refuses it. docs/registry.md says how to move.
    """
    if tenant.spec.pipelines is False:
        return ON_VOLUME
    return in_store(addresses.store(tenant.spec.id))


def footprint_of(tenant: EffectiveTenant) -> Footprint:
    """What the registry of a tenant takes that wants one."""
    return footprint(OWN_DATABASE, artifacts_of(tenant))
