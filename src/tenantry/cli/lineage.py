"""`tenantry lineage`: which run, data and code a version of a model comes from."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tenantry.cli.failure import UsageError
from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption, TenantArgument
from tenantry.cli.output import out, print_table, table, write_json
from tenantry.cli.project import choose_environment, find_root, known_word, tenant_ids

if TYPE_CHECKING:
    from pathlib import Path

    from tenantry.lineage import Dataset, Lineage, Run

TOKEN: Final = "MLFLOW_TRACKING_TOKEN"  # noqa: S105 - the name of a variable
ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="Name of the registered model.")]
VersionArgument = Annotated[
    str | None,
    typer.Argument(metavar="VERSION", help="Its number, or @ and an alias. Default: the newest.", show_default=False),
]
UrlOption = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="MLFLOW_TRACKING_URI",
        metavar="URL",
        help="The registry. Default: the team's host behind single sign-on.",
        show_default=False,
    ),
]


def lineage(
    tenant: TenantArgument,
    model: ModelArgument,
    version: VersionArgument = None,
    *,
    url: UrlOption = None,
    environment: EnvironmentOption = None,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Show which run, data and code a version of a model comes from.

    It asks the team's registry, through a port that `tenantry open registry vision --forward` leads to it, or at its
    host with the token in MLFLOW_TRACKING_TOKEN. What was not logged is said to be missing.

    Examples:
        tenantry lineage vision defect-detector --url http://localhost:5000
        tenantry lineage vision defect-detector 13 --output json
    """
    from tenantry.lineage import lineage_of  # noqa: PLC0415 - urllib3
    from tenantry.registry.client import Client  # noqa: PLC0415 - urllib3

    base = find_root(root)
    known_word(tenant, tenant_ids(base), "tenant")
    client = Client(url or _host(base, tenant, environment), os.environ.get(TOKEN))
    found = lineage_of(client, model, version)
    if output == "json":
        write_json(document(found))
    else:
        print_table(table(("WHAT", "VALUE"), _rows(found)), out())
    return 0


def _host(root: Path, tenant: str, environment: str | None) -> str:
    """The team's registry behind single sign-on.

    Raises:
        InputError: the team wants none.
        UsageError: the environment has no single sign-on.
    """
    from tenantry.catalog import load_tenant  # noqa: PLC0415 - 0.4 s
    from tenantry.errors import InputError  # noqa: PLC0415 - belongs to the model
    from tenantry.hosts import address, hosts  # noqa: PLC0415 - belongs to the model

    found = load_tenant(root, tenant, choose_environment(root, environment))
    if found.spec.registry is False:
        what = f"is false, so {tenant} has no registry in {found.environment.id}"
        raise InputError([found.origins["registry"].problem(what, "Write registry: {}, and bring it up")])
    host = hosts(found).get("registry")
    if host is None:
        way = f"tenantry open registry {tenant} --forward, and then --url http://localhost:5000"
        raise UsageError(f"no host leads to the registry of {tenant} in {found.environment.id}. Forward a port: {way}.")
    return address(host)


def document(found: Lineage) -> dict[str, Any]:
    """All of it, for a program."""
    return {
        "model": found.model,
        "version": found.version,
        "status": found.status,
        "aliases": list(found.aliases),
        "artifacts": found.artifacts,
        "run": _run(found.run) if found.run else None,
        "missing": list(found.missing),
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.name,
        "status": run.status,
        "pipeline_run": run.pipeline_run,
        "datasets": [{"name": one.name, "digest": one.digest, "context": one.context} for one in run.datasets],
        "code": {"revision": run.code, "repository": run.repository},
        # JSON has no NaN.
        "metrics": {key: value if math.isfinite(value) else None for key, value in run.metrics.items()},
    }


def _rows(found: Lineage) -> Iterator[tuple[str, str]]:
    yield "model", " ".join((found.model, found.version, *(f"@{alias}" for alias in found.aliases)))
    yield "status", found.status
    yield "files", found.artifacts
    if run := found.run:
        yield "run", f"{run.name} ({run.id}), {run.status}"
        yield "pipeline run", run.pipeline_run or "none"
        yield "data", "\n".join(map(_data, run.datasets)) or "none logged"
        yield "code", " ".join(filter(None, (run.code, run.repository))) or "none logged"
        yield "metrics", ", ".join(f"{key} {value:g}" for key, value in sorted(run.metrics.items())) or "none logged"
    if found.missing:
        yield "missing", f"{', '.join(found.missing)}: see docs/registry.md"


def _data(one: Dataset) -> str:
    return f"{one.name} {one.digest}{f' ({one.context})' if one.context else ''}"
