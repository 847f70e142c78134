"""Where to look: the cluster, and what the program renders for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tenantry import names
from tenantry.catalog import Catalog
from tenantry.effective import EffectiveTenant
from tenantry.engine.workspace import SANDBOX
from tenantry.environment import EnvironmentSpec
from tenantry.errors import Problem, raise_all
from tenantry.kube import Json, Kube
from tenantry.render import RenderedStack, render_stacks
from tenantry.sandbox.layout import Layout

SYSTEM: Final = ("default", "kube-system", names.SYSTEM_NAMESPACE)
"""Namespaces of the platform that each cluster has."""


@dataclass(frozen=True)
class Cluster:
    """One environment: its API server, its files and what they render to."""

    kube: Kube
    """As whoever verifies. Needs to read everything, to write in dry runs, and to impersonate."""
    environment: EnvironmentSpec
    tenants: Mapping[str, EffectiveTenant]
    """Every tenant that lives there."""
    stacks: Mapping[str, RenderedStack]
    """What the platform and each tenant in question render to; by tenant, or `platform`."""

    def objects(self, owner: str) -> list[Json]:
        """The Kubernetes objects of one of the stacks."""
        return self.stacks[owner].objects()

    def foreign(self, tenant: str, groups: tuple[str, ...]) -> tuple[str, ...]:
        """Namespaces of the platform, and of other tenants whose files name none of these groups."""
        others = [
            names.namespace(other)
            for other, found in self.tenants.items()
            if other != tenant and not found.spec.access.groups & {*groups}
        ]
        proxies = (names.SIGN_ON_NAMESPACE,) if self.environment.sign_on else ()
        return (*SYSTEM, *proxies, *sorted(others))


def connect(root: Path, environment: EnvironmentSpec, kubeconfig: Path | None = None) -> Kube:
    """A client of an environment's cluster: of the sandbox, or of the context that the environment's file names.

    Args:
        root: The repository.
        environment: Whose cluster it is.
        kubeconfig: Where the context is, instead of the sandbox's own file and `$KUBECONFIG`.

    Raises:
        PlatformError: there is no such kubeconfig or context.
    """
    own = Layout(root / SANDBOX).kubeconfig if environment.cluster.kind == "sandbox" else None
    return Kube.from_kubeconfig(kubeconfig or own, environment.cluster.context)


def choose(catalog: Catalog, environment: str, named: Sequence[str]) -> tuple[str, ...]:
    """The named tenants, each once; every one that lives in the environment where none was named.

    Raises:
        InputError: one is not in the catalog, or does not live in the environment.
    """
    known = ", ".join(sorted(catalog.tenants)) or "none yet"
    raise_all(
        [
            Problem(names.tenant_file(tenant), 1, 1, "", f'there is no tenant "{tenant}"', f"Known: {known}")
            for tenant in named
            if tenant not in catalog.tenants
        ]
    )
    for tenant in named:
        catalog.effective(tenant, environment)
    return tuple(dict.fromkeys(named)) or catalog.living_in(environment)


def look(root: Path, catalog: Catalog, environment: str, tenants: tuple[str, ...], kube: Kube) -> Cluster:
    """Render what the tenants and their platform should be."""
    stacks = [names.platform_stack(environment), *(names.tenant_stack(tenant, environment) for tenant in tenants)]
    rendered = dict(zip((names.PLATFORM, *tenants), render_stacks(root, stacks), strict=True))
    everyone = {tenant: catalog.effective(tenant, environment) for tenant in catalog.living_in(environment)}
    return Cluster(kube, catalog.environments[environment], everyone, rendered)
