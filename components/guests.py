"""What moves in once the guards stand: rights, and what the platform runs for the team.

A concern more is one function here and its place in `GUESTS`. Where it runs something of its own, it has a row in
`tenantry.installs`, too: quota, rules and costs make room for it by that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pulumi

from components.access import Access, AccessArgs
from components.metadata import Marks
from components.model import Model, ModelArgs
from components.namespace import is_protected
from components.pipelines import Pipelines, PipelinesArgs
from components.registry import Registry, RegistryArgs
from components.serving import Serving, ServingArgs
from components.sign_on import SignOn, SignOnArgs
from tenantry import hosts
from tenantry.api_server import ways
from tenantry.catalog import EffectiveTenant
from tenantry.models import addresses
from tenantry.registry.footprint import artifacts_of
from tenantry.registry.tracking import tracking_of
from tenantry.sign_on.admitted import admitted
from tenantry.sign_on.upstreams import upstreams
from tenantry.versions import pipelines_release, registry_release, seldon_release


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where a guest moves in."""

    name: str
    """Beginning of its logical name."""
    tenant: EffectiveTenant
    marks: Marks
    namespace: pulumi.Output[str]
    opts: pulumi.ResourceOptions
    """Below the tenant, and after every guard."""

    @property
    def protect(self) -> bool:
        """Whether what cannot be made anew must not be deleted."""
        return is_protected(self.tenant.environment.cluster, self.tenant.spec.lifecycle)


def access(site: Site) -> None:
    """Roles of people."""
    spec = site.tenant.spec
    args = AccessArgs(marks=site.marks, namespace=site.namespace, access=spec.access, lifecycle=spec.lifecycle)
    Access(f"{site.name}-access", args, site.opts)


def pipelines(site: Site) -> Pipelines | None:
    """Kubeflow Pipelines, where the team wants one."""
    spec, environment = site.tenant.spec, site.tenant.environment
    if not spec.pipelines:
        return None
    args = PipelinesArgs(
        marks=site.marks,
        tenant=spec.id,
        namespace=site.namespace,
        pipelines=spec.pipelines,
        api_server=ways(environment),
        release=pipelines_release(site.tenant.stack),
        tracking=tracking_of(site.tenant),
        protect=site.protect,
    )
    return Pipelines(f"{site.name}-pipelines", args, site.opts)


def registry(site: Site, store: Pipelines | None) -> None:
    """A model registry, where the team wants one. Beside Pipelines it keeps its files in the same store."""
    spec = site.tenant.spec
    if spec.registry is False:
        return
    args = RegistryArgs(
        marks=site.marks,
        tenant=spec.id,
        namespace=site.namespace,
        public=hosts.hosts(site.tenant).get("registry"),
        release=registry_release(site.tenant.stack),
        artifacts=artifacts_of(site.tenant),
        store_version=store.store_version if store else "",
        protect=site.protect,
    )
    Registry(f"{site.name}-registry", args, site.opts)


def serving(site: Site, store: Pipelines | None) -> None:
    """Seldon and the team's models, where the team wants it. Files of models are in the store of its Pipelines."""
    spec, environment = site.tenant.spec, site.tenant.environment
    if not spec.serving:
        return
    args = ServingArgs(
        marks=site.marks,
        tenant=spec.id,
        namespace=site.namespace,
        gateway=environment.serving.gateway,
        api_server=ways(environment),
        store=addresses.store(spec.id),
        store_keys=store.store_keys if store else None,
        release=seldon_release(site.tenant.stack, accept_bsl=environment.serving.accept_bsl),
        # Nothing runs in a sandbox, and a webhook that nobody answers lets no model in.
        webhook=environment.cluster.kind != "sandbox",
    )
    made = Serving(f"{site.name}-serving", args, site.opts)
    models(site, made)


def models(site: Site, after: Serving) -> None:
    """Every model that is served here. They wait for the operator, and go before it does."""
    opts = pulumi.ResourceOptions.merge(site.opts, pulumi.ResourceOptions(depends_on=[after]))
    for model in site.tenant.models:
        args = ModelArgs(
            marks=site.marks,
            tenant=site.tenant.spec.id,
            namespace=site.namespace,
            model=model,
            node_pools=site.tenant.environment.node_pools,
        )
        Model(f"{site.name}-model-{model.spec.id}", args, opts)


def installs(site: Site) -> None:
    """What the platform runs for the team. What reads the object store of Pipelines comes after it."""
    store = pipelines(site)
    registry(site, store)
    serving(site, store)


def sign_on(site: Site) -> None:
    """The door of what people open, where the environment has single sign-on and somebody may come in."""
    spec, environment = site.tenant.spec, site.tenant.environment
    there = hosts.hosts(site.tenant)
    if not (environment.sign_on and there):
        return
    args = SignOnArgs(
        marks=site.marks,
        tenant=spec.id,
        namespace=site.namespace,
        sign_on=environment.sign_on,
        network=environment.network,
        groups=admitted(spec),
        behind={there[one.service]: one for one in upstreams(site.tenant)},
    )
    SignOn(f"{site.name}-sign-on", args, site.opts)


GUESTS: tuple[Callable[[Site], None], ...] = (access, installs, sign_on)
"""Everybody who moves in, after every guard."""
