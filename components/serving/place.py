"""What every part of a team's serving is built from, beyond what every install is."""

from __future__ import annotations

from dataclasses import dataclass

from components.install import Install
from tenantry.versions import SeldonRelease

CONCERN = "serving"
"""The key of the tenant's file, and the value of the component's label."""


@dataclass(frozen=True, kw_only=True)
class Place(Install):
    """One team's serving."""

    concern: str = CONCERN
    release: SeldonRelease
    protect: bool = False
    """It has no volumes."""
