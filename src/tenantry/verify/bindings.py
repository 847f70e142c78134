"""Whether anybody holds a role in a tenant's namespace, or a tenant's people elsewhere, that no file grants."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from tenantry import access_report as report
from tenantry import names
from tenantry.kube import Json, Kube
from tenantry.verify.check import BrokenError, Check


def binding_check(kube: Kube, tenant: str, groups: Iterable[str], rendered: Iterable[Json]) -> Check:
    """That the cluster's bindings and the files agree on one tenant.

    Args:
        kube: The cluster.
        tenant: Whose namespace and groups are meant.
        groups: The tenant's groups.
        rendered: Objects of every tenant's stack: a group may be of several.
    """
    wanted = report.from_objects(rendered)
    title = "nobody holds a role that no file grants, and everybody those that one grants"
    return Check(f"{tenant}/access/bindings", title, partial(agree, kube, tenant, tuple(groups), wanted))


def agree(kube: Kube, tenant: str, groups: tuple[str, ...], wanted: Iterable[report.Grant]) -> None:
    """Compare the cluster's bindings with the files.

    Raises:
        BrokenError: they disagree.
    """
    sides = [report.concerning(side, [tenant], groups) for side in (wanted, report.live(kube))]
    if found := report.disagreements(report.compare(*sides)):
        said = "; ".join(f"{one.subject} has {one.role} in {one.where}: {one.agreement}" for one in found)
        raise BrokenError(f"{said}. See: tenantry access --tenant {names.namespace(tenant)}")
