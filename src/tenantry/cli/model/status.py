"""`tenantry model status`: what a cluster has of a model."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tenantry.cli.model.change import read, text_of
from tenantry.cli.model.place import ModelArgument, Place, find_model
from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption, TenantArgument
from tenantry.cli.output import out, print_table, say, table, write_json
from tenantry.cli.project import choose_environment

if TYPE_CHECKING:
    from tenantry.model_edit.live import LiveModel, Predictor
    from tenantry.model_spec import ModelSpec

HEADINGS = ("FILE", "VERSION", "DEPLOYED", "ROUTED", "READY")
UNWELL = 3
"""Exit code where the model is not deployed as its file says, or the operator calls it anything but Available."""
AVAILABLE = "Available"
"""The operator's word for a model that answers."""


def status(
    tenant: TenantArgument,
    model: ModelArgument,
    *,
    environment: EnvironmentOption = None,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Show what a cluster has of a model, beside its file.

    Versions, weights and readiness. Replicas are ready by the word of Seldon's operator, weights are routed by
    the ingress's. Leaves with 3 unless all is as the file says and the model is available.

    Examples:
        tenantry model status vision defect-detector
        tenantry model status vision defect-detector --env prod --output json
    """
    place = find_model(root, tenant, model)
    where = choose_environment(place.root, environment)
    spec = read(place, text_of(place)).spec
    live, why = _live(place, where)
    well = why is None and live is not None and said(spec, live) == []
    if output == "json":
        write_json(_document(place, where, spec, live, why))
        return 0 if well else UNWELL
    print_table(table(HEADINGS, _rows(spec, live)), out())
    for sentence in [why] if why else said(spec, live):
        say(sentence, "yellow")
    if spec.objectives:
        objectives = ", ".join(f"{key} {value}" for key, value in spec.objectives.model_dump().items())
        say(f"Objectives: {objectives}.")
    return 0 if well else UNWELL


def _live(place: Place, environment: str) -> tuple[LiveModel | None, str | None]:
    """What the cluster has; or a sentence why it can have nothing."""
    from tenantry.engine.workspace import workspace  # noqa: PLC0415 - only for clusters
    from tenantry.kube import Kube, KubeError  # noqa: PLC0415 - 0.1 s
    from tenantry.model_edit.live import of_cluster  # noqa: PLC0415 - 0.1 s

    found = workspace(place.root, environment)
    kube = Kube.from_kubeconfig(found.kubeconfig, found.environment.cluster.context)
    try:
        return of_cluster(kube, place.tenant, place.model), None
    except KubeError as error:
        if error.reason != "NoKind":
            raise
        return None, f"{environment} knows no SeldonDeployments: serving was never up there. Next: tenantry up."


def said(spec: ModelSpec, live: LiveModel | None) -> list[str]:
    """What somebody must know, each as a sentence; nothing where all is well."""
    from tenantry.model_edit.live import shares  # noqa: PLC0415 - loaded already

    if live is None:
        return ["Not deployed. Next: tenantry preview, tenantry up."]
    same = {one.version: one.share for one in live.predictors} == shares(spec)
    found = [] if same else ["The cluster has something else than the file says. Next: tenantry preview, tenantry up."]
    if live.state is None:
        return [*found, "No operator has looked at it: in a sandbox none runs; elsewhere, see the operator's log."]
    if live.state != AVAILABLE:
        found.append(f"{live.state}{f': {live.description}' if live.description else ''}.")
    return found


def _rows(spec: ModelSpec, live: LiveModel | None) -> list[tuple[str, ...]]:
    """A row for each version of the file, and for each one that the cluster has besides."""
    there = {one.version or one.name: one for one in live.predictors} if live else {}
    places = {version.version: key for key, version in spec.versions.items()}
    return [(places.get(version, "-"), version, *_cells(there.get(version))) for version in {**places, **there}]


def _cells(one: Predictor | None) -> tuple[str, str, str]:
    if one is None:
        return "-", "-", "-"
    routed = "-" if one.routed is None else f"{one.routed} %"
    return one.share, routed, "-" if one.replicas is None else f"{one.ready}/{one.replicas}"


def _document(
    place: Place, environment: str, spec: ModelSpec, live: LiveModel | None, why: str | None
) -> dict[str, Any]:
    return {
        "tenant": place.tenant,
        "model": place.model,
        "environment": environment,
        "file": {key: one.version for key, one in spec.versions.items()},
        "deployed": live is not None,
        "state": live.state if live else None,
        "predictors": [asdict(one) for one in live.predictors] if live else [],
        "objectives": spec.objectives.model_dump() if spec.objectives else None,
        "notes": [why] if why else said(spec, live),
    }
