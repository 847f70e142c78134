"""What every part of a Pipelines is built from, beyond what every install is."""

from __future__ import annotations

from dataclasses import dataclass

from components.install import Annotations, Install
from tenantry.pipelines.stores import Database, ObjectStore
from tenantry.versions import PipelinesRelease

__all__ = ["CONCERN", "Annotations", "Place"]

CONCERN = "pipelines"
"""The key of the tenant's file, and the value of the component's label."""


@dataclass(frozen=True, kw_only=True)
class Place(Install):
    """One team's Pipelines."""

    concern: str = CONCERN
    release: PipelinesRelease
    database: Database
    store: ObjectStore
