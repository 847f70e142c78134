"""One tenant in one environment, complete, and where each of its values comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError

from tenantry.environment import EnvironmentSpec
from tenantry.errors import InputError, Problem
from tenantry.fields import OFF, SETTINGS, Block
from tenantry.layers import Origin, Source, merge
from tenantry.models.effective import EffectiveModel
from tenantry.names import tenant_stack
from tenantry.near import near
from tenantry.tenant_spec import TenantSpec
from tenantry.yaml_source import Document, Keys, dotted

NOT_SPEC = ("environments", "overrides")
"""Keys of a tenant's file that say where it lives, and not what it gets."""


@dataclass(frozen=True)
class EffectiveTenant:
    """One tenant in one environment."""

    spec: TenantSpec
    """Every value, checked."""
    environment: EnvironmentSpec
    """The environment that it lives in."""
    source: str
    """Its file, relative to the root."""
    origins: Mapping[str, Origin]
    """Where each value comes from, by its dotted key, as in `quota.gpus.h100`."""
    models: tuple[EffectiveModel, ...] = ()
    """Its models that are served in this environment, by id."""

    @property
    def stack(self) -> str:
        """Name of its stack."""
        return tenant_stack(self.spec.id, self.environment.id)


def effective(
    tenant: Document,
    environment: EnvironmentSpec,
    environment_file: Document,
    models: Iterable[EffectiveModel] = (),
) -> EffectiveTenant:
    """A tenant's file, its override and its tier made one.

    Args:
        tenant: a tenant's file that its model has accepted.
        environment: an environment that the tenant lives in.
        environment_file: the file that `environment` was read from.
        models: every model of the tenant, wherever it is served.

    Raises:
        InputError: the tier is missing or unknown, or no layer gives a value that must be there.
    """
    data, origins = merge(_sources(tenant, environment, environment_file))
    if origins["tier"].layer == "default":
        origins["tier"] = Origin("tier", environment_file, ("default_tier",))
    try:
        spec = TenantSpec.model_validate(data)
    except ValidationError as error:
        raise InputError(_gap(detail["loc"], tenant, environment, origins) for detail in error.errors()) from error
    here = tuple(model for model in models if model.served_in(environment.id))
    return EffectiveTenant(spec, environment, tenant.path, origins, here)


def _gap(location: Keys, tenant: Document, environment: EnvironmentSpec, origins: Mapping[str, Origin]) -> Problem:
    """A value that no layer gives. Each layer was checked by itself, so nothing else can be wrong with their sum."""
    keys = tuple(key for key in location if key not in {SETTINGS, OFF})
    block = dotted(keys[:-1])
    beside = next((origin for key, origin in origins.items() if key == block or key.startswith(f"{block}.")), None)
    place = beside.document.key(beside.keys) if beside else tenant.key(())
    what = f"is missing in {environment.id}, where it stands in place of {block}: false"
    return Problem(*place, dotted(keys), what, f"Write {keys[-1]}, for which nothing gives a default here")


def _sources(tenant: Document, environment: EnvironmentSpec, environment_file: Document) -> list[Source]:
    override = _override(tenant, environment)
    tier = _tier(tenant, environment)
    defaults: Keys = ("tiers", tier, "defaults")
    written = {key: value for key, value in tenant.data.items() if key not in NOT_SPEC}
    return [
        Source("default", tenant, (), {**_defaults(TenantSpec), "tier": tier}),
        Source("tier", environment_file, defaults, environment_file.data["tiers"][tier]["defaults"]),
        Source("file", tenant, (), written),
        Source("override", tenant, ("overrides", environment.id), override),
    ]


def _override(tenant: Document, environment: EnvironmentSpec) -> dict[str, Any]:
    found: dict[str, Any] = tenant.data.get("overrides", {}).get(environment.id, {})
    return found


def _tier(tenant: Document, environment: EnvironmentSpec) -> str:
    """The tier that the override names, or the file, or the environment for those that name none."""
    name: str | None = _override(tenant, environment).get("tier", tenant.data.get("tier", environment.default_tier))
    if name is None:
        what, fix = f"is missing, and {environment.id} has no default tier", near("", environment.tiers)
        raise InputError([Problem(tenant.path, 1, 1, "tier", what, fix)])
    if name not in environment.tiers:
        override: Keys = ("overrides", environment.id, "tier")
        at = override if override in tenant.keys else ("tier",)
        what, fix = f'{environment.id} has no tier "{name}"', near(name, environment.tiers)
        raise InputError([Problem(*tenant.value(at), dotted(at), what, fix)])
    return name


@cache
def _defaults(model: type[Block]) -> dict[str, Any]:
    """The values that a model gives by itself, down through the blocks that every tenant has."""
    found: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, Block):
            if inner := _defaults(info.annotation):
                found[name] = inner
        elif not info.is_required():
            found[name] = info.default
    return found
