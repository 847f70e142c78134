"""Whether anybody holds a role in a tenant's namespace, or a tenant's people outside of it, that no file grants."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from tenantry import access_report as report
from tenantry import names
from tenantry.kube import Json, Kube
from tenantry.verify.check import BrokenError, Check


def binding_check(kube: Kube, tenant: str, others: Iterable[str], rendered: Iterable[Json]) -> Check:
    """That the cluster's bindings and the files agree on one tenant.

    Args:
        kube: The cluster.
        tenant: Whose namespace and groups are meant.
        others: Other tenants. What anybody holds in their namespaces is for their own checks to say.
        rendered: Objects of the tenant's stack.
    """
    wanted = report.from_objects(rendered)
    elsewhere = frozenset(names.namespace(other) for other in others if other != tenant)
    title = "nobody holds a role that no file grants, and everybody those that one grants"
    return Check(f"{tenant}/access/bindings", title, partial(agree, kube, tenant, wanted, elsewhere))


def agree(kube: Kube, tenant: str, wanted: list[report.Grant], elsewhere: frozenset[str]) -> None:
    """Compare the cluster's bindings with the files.

    Raises:
        BrokenError: they disagree.
    """
    groups = {grant.subject for grant in wanted}
    found = [one for one in report.concerning(report.live(kube), [tenant], groups) if one.where not in elsewhere]
    if differing := report.disagreements(report.compare(wanted, found)):
        said = "; ".join(f"{one.subject} has {one.role} in {one.where}: {one.agreement}" for one in differing)
        raise BrokenError(f"{said}. See: tenantry access --tenant {tenant}")
