"""`tenantry access`: who may do what where, and where the files and the cluster disagree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tenantry import names
from tenantry.cli.failure import plural
from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption, complete_tenant
from tenantry.cli.output import err, out, print_table, table, write_json
from tenantry.cli.project import choose_environment, find_root
from tenantry.cli.verify import KubeconfigOption

if TYPE_CHECKING:
    from tenantry.access_report import Grant
    from tenantry.catalog import Catalog

EXIT_DISAGREED: Final = 3
TenantOption = Annotated[
    str | None,
    typer.Option("--tenant", metavar="ID", help="Only what concerns this tenant.", autocompletion=complete_tenant),
]
GroupOption = Annotated[
    str | None, typer.Option("--group", metavar="NAME", help="Only what this group of the identity provider may do.")
]
OfflineOption = Annotated[bool, typer.Option("--offline", help="From the files alone; no cluster is asked.")]


def access(
    *,
    tenant: TenantOption = None,
    group: GroupOption = None,
    offline: OfflineOption = False,
    environment: EnvironmentOption = None,
    kubeconfig: KubeconfigOption = None,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Show who may do what, by the files and by the cluster.

    Where the two disagree, it says so and leaves with 3. What every Kubernetes cluster grants to everybody is left
    out.

    Examples:
        tenantry access
        tenantry access --group ml-all --offline
    """
    from tenantry.access_report import disagreements  # noqa: PLC0415 - only here
    from tenantry.catalog import load_catalog  # noqa: PLC0415 - 0.4 s

    base = find_root(root)
    place = choose_environment(base, environment)
    catalog = load_catalog(base)
    grants = _grants(base, catalog, place, tenant, kubeconfig, offline=offline)
    shown = [one for one in grants if group is None or (one.subject_kind, one.subject) == ("Group", group)]
    if output == "json":
        write_json({"environment": place, "grants": [_document(one) for one in shown]})
    else:
        _print(shown)
    return EXIT_DISAGREED if disagreements(shown) else 0


def _grants(
    base: Path, catalog: Catalog, environment: str, tenant: str | None, kubeconfig: Path | None, *, offline: bool
) -> list[Grant]:
    from tenantry import access_report as report  # noqa: PLC0415 - only here
    from tenantry.render import render_stacks  # noqa: PLC0415 - only here
    from tenantry.verify.place import choose, connect  # noqa: PLC0415 - only here

    everyone = choose(catalog, environment, [])
    mine = choose(catalog, environment, [tenant] if tenant else [])
    stacks = render_stacks(base, [names.tenant_stack(one, environment) for one in everyone])
    granted = {one: report.from_objects(stack.objects()) for one, stack in zip(everyone, stacks, strict=True)}
    groups = {grant.subject for one in mine for grant in granted[one] if grant.subject_kind == "Group"}
    wanted = report.concerning([grant for grants in granted.values() for grant in grants], mine, groups)
    if offline:
        return sorted(wanted, key=lambda grant: (grant.where, grant.subject, grant.role))
    kube = connect(base, catalog.environments[environment], kubeconfig)
    return report.compare(wanted, report.concerning(report.live(kube), mine, groups))


def _print(grants: Sequence[Grant]) -> None:
    from tenantry.access_report import disagreements, may  # noqa: PLC0415 - only here

    rows = [
        (one.where, f"{one.subject_kind}/{one.subject}", one.role, may(one.permissions), one.agreement)
        for one in grants
    ]
    print_table(table(("WHERE", "WHO", "ROLE", "MAY", "FILES AND CLUSTER"), rows), out())
    if found := disagreements(grants):
        said = f"Files and cluster disagree on {plural(len(found), 'grant')}."
        fix = "Bring back what is missing: tenantry up --refresh. Delete by hand what no file grants."
        err().print(f"{said} {fix}", style="bold red", soft_wrap=True)


def _document(grant: Grant) -> dict[str, Any]:
    return {
        "subject": {"kind": grant.subject_kind, "name": grant.subject},
        "where": grant.where,
        "role": grant.role,
        "binding": grant.binding,
        "agreement": grant.agreement,
        "permissions": [
            {"group": one.group, "resource": one.resource, "verb": one.verb} | ({"name": one.name} if one.name else {})
            for one in sorted(grant.permissions)
        ],
    }
