"""Every tenant and every environment, read, checked and made one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenantry.effective import EffectiveTenant, effective
from tenantry.environment import EnvironmentSpec
from tenantry.errors import InputError, Problem
from tenantry.explain import check
from tenantry.layers import Origin
from tenantry.names import environment_file, tenant_file, tenant_stack
from tenantry.partial import file_model
from tenantry.yaml_source import Document, read

__all__ = [
    "Catalog",
    "EffectiveTenant",
    "Origin",
    "TenantEntry",
    "environments_of",
    "load_catalog",
    "load_environment",
    "load_tenant",
]


@dataclass(frozen=True)
class TenantEntry:
    """One tenant of the catalog."""

    id: str
    source: str
    """Its file, relative to the root."""
    environments: tuple[str, ...]
    """Environments that it lives in, sorted."""


@dataclass(frozen=True)
class Catalog:
    """Every tenant and every environment, checked one by one and against each other."""

    tenants: Mapping[str, TenantEntry]
    environments: Mapping[str, EnvironmentSpec]
    _effective: Mapping[tuple[str, str], EffectiveTenant] = field(repr=False)

    def effective(self, tenant: str, environment: str) -> EffectiveTenant:
        """One tenant in one environment.

        Raises:
            InputError: there is no such tenant, or it does not live in that environment.
        """
        try:
            return self._effective[tenant, environment]
        except KeyError:
            raise _absent(tenant, environment) from None

    def stacks(self) -> tuple[str, ...]:
        """Every tenant's stack in every environment that it lives in, sorted."""
        return tuple(sorted(tenant_stack(*key) for key in self._effective))


def load_catalog(root: Path) -> Catalog:
    """Every tenant and environment below a root.

    Raises:
        InputError: with every problem of every file.
    """
    environments = {path.stem: _environment(root, path.stem) for path in (root / "infra/environments").glob("*.yaml")}
    documents = {path.parent.name: _tenant(root, path.parent.name) for path in (root / "tenants").glob("*/tenant.yaml")}
    specs = {name: spec for name, (spec, _) in sorted(environments.items())}
    tenants = {
        name: TenantEntry(name, document.path, lives_in(document, specs.values()))
        for name, document in sorted(documents.items())
    }
    combined = {
        (name, environment): effective(documents[name], *environments[environment])
        for name, entry in tenants.items()
        for environment in entry.environments
    }
    return Catalog(tenants, specs, combined)


def load_tenant(root: Path, tenant: str, environment: str) -> EffectiveTenant:
    """One tenant in one environment, from its file and that environment's file alone.

    Raises:
        InputError: a problem in one of the two files, or the tenant does not live there.
    """
    spec, file = _environment(root, environment)
    document = _tenant(root, tenant)
    if environment not in lives_in(document, [spec]):
        raise _absent(tenant, environment)
    return effective(document, spec, file)


def load_environment(root: Path, environment: str) -> EnvironmentSpec:
    """One environment, from its file alone.

    Raises:
        InputError: a problem in that file.
    """
    return _environment(root, environment)[0]


def environments_of(root: Path, tenant: str) -> tuple[str, ...]:
    """Environments that one tenant lives in, sorted, from its file and the environments' files alone.

    Raises:
        InputError: a problem in one of these files.
    """
    names = sorted(path.stem for path in (root / "infra/environments").glob("*.yaml"))
    return lives_in(_tenant(root, tenant), [load_environment(root, name) for name in names])


def lives_in(tenant: Document, environments: Iterable[EnvironmentSpec]) -> tuple[str, ...]:
    """Which of these environments a tenant lives in, sorted."""
    written = tenant.data.get("environments")
    return tuple(sorted(e.id for e in environments if (e.by_default if written is None else e.id in written)))


def _tenant(root: Path, tenant: str) -> Document:
    document = read(root / tenant_file(tenant), root=root)
    check(file_model(), document.data, {}, document)
    return document


def _environment(root: Path, environment: str) -> tuple[EnvironmentSpec, Document]:
    document = read(root / environment_file(environment), root=root)
    return check(EnvironmentSpec, document.data, {}, document), document


def _absent(tenant: str, environment: str) -> InputError:
    what, fix = f"{tenant} does not live in {environment}", f"Add {environment} to its environments"
    return InputError([Problem(tenant_file(tenant), 1, 1, "environments", what, fix)])
