"""What both parts of a team's registry are built from, beyond what every install is."""

from __future__ import annotations

from dataclasses import dataclass

from components.install import Install
from tenantry.registry.stores import Artifacts, Database
from tenantry.versions import RegistryRelease

CONCERN = "registry"
"""The key of the tenant's file, and the value of the component's label."""


@dataclass(frozen=True, kw_only=True)
class Place(Install):
    """One team's registry."""

    concern: str = CONCERN
    release: RegistryRelease
    database: Database
    artifacts: Artifacts
