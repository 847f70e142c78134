"""What the platform runs for a team in its namespace, on top of what the team asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenantry.pipelines import footprint as pipelines
from tenantry.pipelines.footprint import Footprint
from tenantry.registry import footprint as registry
from tenantry.serving.footprint import FOOTPRINT
from tenantry.versions import pipelines_release, registry_release, seldon_release

if TYPE_CHECKING:
    from tenantry.effective import EffectiveTenant


@dataclass(frozen=True, kw_only=True)
class Install:
    """One product in one team's namespace."""

    key: str
    """The key of the tenant's file that asks for it."""
    product: str
    version: str
    footprint: Footprint
    """What it takes. The quota grows by that much, the queue does not."""


def installs(tenant: EffectiveTenant) -> tuple[Install, ...]:
    """Everything that runs for a tenant, in the order of `INSTALLS`."""
    return tuple(install(tenant) for key, install in INSTALLS.items() if getattr(tenant.spec, key) is not False)


def _pipelines(tenant: EffectiveTenant) -> Install:
    release = pipelines_release(tenant.stack)
    return Install(
        key="pipelines",
        product="Kubeflow Pipelines",
        version=release.version,
        footprint=pipelines.footprint_of(tenant),
    )


def _registry(tenant: EffectiveTenant) -> Install:
    release = registry_release(tenant.stack)
    return Install(
        key="registry",
        product="MLflow",
        version=release.version,
        footprint=registry.footprint_of(tenant),
    )


def _serving(tenant: EffectiveTenant) -> Install:
    release = seldon_release(tenant.stack, accept_bsl=tenant.environment.serving.accept_bsl)
    return Install(key="serving", product="Seldon Core", version=release.version, footprint=FOOTPRINT)


INSTALLS: Mapping[str, Callable[[EffectiveTenant], Install]] = MappingProxyType(
    {"pipelines": _pipelines, "registry": _registry, "serving": _serving}
)
"""By the key of the tenant's file: quotas, rules and costs count each that the tenant has not set to false."""
