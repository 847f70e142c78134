"""Every check of one verification, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tenantry import names
from tenantry.verify.additions import additions_check
from tenantry.verify.admission import admission_checks
from tenantry.verify.bindings import binding_check
from tenantry.verify.check import Check
from tenantry.verify.identities import Identity, people, workloads
from tenantry.verify.network import Reach, network_check
from tenantry.verify.object_probes import OBJECT_PROBES
from tenantry.verify.objects import names_once, object_checks
from tenantry.verify.place import Cluster
from tenantry.verify.pod_probes import POD_PROBES
from tenantry.verify.probe import Facts
from tenantry.verify.rights import Place, given, granted_check, right_checks
from tenantry.verify.work import work_checks, work_scene

PROBES: Final = (*POD_PROBES, *OBJECT_PROBES)
"""Everything that admission must refuse."""


def plan(cluster: Cluster, *, full: bool = False, reach: Reach | None = None) -> list[Check]:
    """The checks of the platform, and of each tenant in question.

    Args:
        cluster: Where to look, and for what.
        full: Work in the tenants' namespaces, too: what is made there goes again.
        reach: With `full`, also start pods and try to connect, through this.
    """
    tenants = [owner for owner in cluster.stacks if owner != names.PLATFORM]
    found = [check for tenant in tenants for check in tenant_checks(cluster, tenant)]
    found += [check for tenant in tenants for check in (work(cluster, tenant, reach) if full else ())]
    return names_once([*object_checks(cluster.kube, names.PLATFORM, cluster.stacks[names.PLATFORM]), *found])


def tenant_checks(cluster: Cluster, tenant: str) -> Iterator[Check]:
    """The checks of one tenant."""
    yield from object_checks(cluster.kube, tenant, cluster.stacks[tenant])
    yield additions_check(cluster.kube, tenant, names.namespace(tenant), cluster.objects(tenant))
    yield from admission(cluster, tenant)
    yield from access_checks(cluster, tenant)


def admission(cluster: Cluster, tenant: str) -> Iterator[Check]:
    """What the API server must refuse in the tenant's namespace."""
    facts = Facts.of(cluster.tenants[tenant])
    yield from admission_checks(cluster.kube, facts, developer_of(cluster, tenant), PROBES)


def work(cluster: Cluster, tenant: str, reach: Reach | None) -> Iterator[Check]:
    """What writes. Nothing of a tenant that is frozen or leaves: nobody works there."""
    developer = developer_of(cluster, tenant)
    if developer is None:
        return
    scene = work_scene(cluster.kube, Facts.of(cluster.tenants[tenant]), developer)
    yield from work_checks(scene)
    if reach:
        service = cluster.kube.get("v1", "Service", "kubernetes", "default") or {}
        yield network_check(scene, reach, service["spec"]["clusterIP"])


def developer_of(cluster: Cluster, tenant: str) -> Identity | None:
    """Somebody who may make pods there. Nobody, unless the tenant is active."""
    members = people(cluster.objects(tenant)) if cluster.tenants[tenant].spec.lifecycle == "active" else []
    return next((one for one in members if one.level in ("developer", "admin")), None)


def access_checks(cluster: Cluster, tenant: str) -> Iterator[Check]:
    """Who may do what, for each group and each service account."""
    kube, namespace, objects = cluster.kube, names.namespace(tenant), cluster.objects(tenant)
    members = people(objects)
    yield binding_check(kube, tenant, cluster.tenants, objects)
    for identity in members:
        yield granted_check(kube, tenant, identity, namespace, objects)
    for identity in (*members, *workloads(kube, namespace)):
        place = Place(namespace, cluster.foreign(tenant, identity.groups))
        yield from right_checks(kube, tenant, identity, place, given(objects, identity))
