"""`tenantry model status`: what a cluster has of a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
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
    the ingress's. Leaves with 3 unless all is as the file says and the operator calls it Available. A sandbox runs no
    operator: there, being as the file says is enough.

    Examples:
        tenantry model status vision defect-detector
        tenantry model status vision defect-detector --env prod --output json
    """
    place = find_model(root, tenant, model)
    where = choose_environment(place.root, environment)
    spec = read(place, text_of(place)).spec
    seen = _seen(place, where, spec)
    if output == "json":
        write_json(_document(place, where, spec, seen))
        return 0 if seen.well else UNWELL
    print_table(table(HEADINGS, _rows(spec, seen.live)), out())
    for sentence in seen.notes:
        say(sentence, "yellow")
    if spec.objectives:
        objectives = ", ".join(f"{key} {value}" for key, value in spec.objectives.model_dump().items())
        say(f"Objectives: {objectives}.")
    return 0 if seen.well else UNWELL


@dataclass(frozen=True)
class Seen:
    """What a cluster has of a model."""

    live: LiveModel | None
    notes: Sequence[str]
    """What somebody must know, each as a sentence."""
    well: bool
    """Whether all is as the file says, and nobody who can know says that it does not answer."""


def _seen(place: Place, environment: str, spec: ModelSpec) -> Seen:
    from tenantry.engine.workspace import workspace  # noqa: PLC0415 - only for clusters
    from tenantry.kube import Kube, KubeError  # noqa: PLC0415 - 0.1 s
    from tenantry.model_edit.live import of_cluster  # noqa: PLC0415 - 0.1 s

    found = workspace(place.root, environment)
    kube = Kube.from_kubeconfig(found.kubeconfig, found.environment.cluster.context)
    try:
        live = of_cluster(kube, place.tenant, place.model)
    except KubeError as error:
        if error.reason != "NoKind":
            raise
        return Seen(
            None, [f"{environment} knows no SeldonDeployments: serving was never up. Next: tenantry up."], False
        )
    wrong = list(_wrong(spec, live))
    if live is None or live.state is not None:
        return Seen(live, wrong, not wrong)
    if found.environment.cluster.kind == "sandbox":
        return Seen(live, [*wrong, "A sandbox runs no operator, so nothing of it runs."], not wrong)
    return Seen(live, [*wrong, "No operator has looked at it. See its log."], False)


def _wrong(spec: ModelSpec, live: LiveModel | None) -> Iterator[str]:
    from tenantry.model_edit.live import shares  # noqa: PLC0415 - loaded already

    if live is None:
        yield "Not deployed. Next: tenantry preview, tenantry up."
        return
    if {one.version: one.share for one in live.predictors} != shares(spec):
        yield "The cluster has something else than the file says. Next: tenantry preview, tenantry up."
    if live.state not in (None, AVAILABLE):
        yield f"{live.state}{f': {live.description}' if live.description else ''}."


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


def _document(place: Place, environment: str, spec: ModelSpec, seen: Seen) -> dict[str, Any]:
    return {
        "tenant": place.tenant,
        "model": place.model,
        "environment": environment,
        "file": {key: one.version for key, one in spec.versions.items()},
        "deployed": seen.live is not None,
        "state": seen.live.state if seen.live else None,
        "predictors": [asdict(one) for one in seen.live.predictors] if seen.live else [],
        "objectives": spec.objectives.model_dump() if spec.objectives else None,
        "notes": list(seen.notes),
        "well": seen.well,
    }
