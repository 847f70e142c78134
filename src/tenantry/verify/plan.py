"""Every check of one verification, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tenantry import names
from tenantry.verify.admission import admission_checks
from tenantry.verify.check import Check
from tenantry.verify.identities import people, workloads
from tenantry.verify.objects import names_once, object_checks
from tenantry.verify.place import Cluster
from tenantry.verify.pod_probes import POD_PROBES
from tenantry.verify.probe import Facts
from tenantry.verify.rights import Place, granted_check, right_checks

PROBES: Final = (*POD_PROBES,)
"""Everything that admission must refuse."""


def plan(cluster: Cluster) -> list[Check]:
    """The checks of the platform, and of each tenant in question."""
    tenants = [owner for owner in cluster.stacks if owner != names.PLATFORM]
    found = [check for tenant in tenants for check in tenant_checks(cluster, tenant)]
    return names_once([*object_checks(cluster.kube, names.PLATFORM, cluster.stacks[names.PLATFORM]), *found])


def tenant_checks(cluster: Cluster, tenant: str) -> Iterator[Check]:
    """The checks of one tenant."""
    yield from object_checks(cluster.kube, tenant, cluster.stacks[tenant])
    yield from admission(cluster, tenant)
    yield from access_checks(cluster, tenant)


def admission(cluster: Cluster, tenant: str) -> Iterator[Check]:
    """What the API server must refuse in the tenant's namespace."""
    developers = [one for one in people(cluster.objects(tenant)) if one.level in ("developer", "admin")]
    facts = Facts.of(cluster.tenants[tenant])
    yield from admission_checks(cluster.kube, facts, developers[0] if developers else None, PROBES)


def access_checks(cluster: Cluster, tenant: str) -> Iterator[Check]:
    """Who may do what, for each group and each service account."""
    kube, namespace, objects = cluster.kube, names.namespace(tenant), cluster.objects(tenant)
    members = people(objects)
    for identity in members:
        yield granted_check(kube, tenant, identity, namespace, objects)
    for identity in (*members, *workloads(kube, namespace)):
        place = Place(namespace, cluster.foreign(tenant, identity.groups))
        yield from right_checks(kube, tenant, identity, place)
