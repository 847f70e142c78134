"""A model as it is deployed: what the last run declared, what the cluster holds, what Seldon's operator says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tenantry import names
from tenantry.kube import Kube, KubeError
from tenantry.serving import words

if TYPE_CHECKING:
    from tenantry.model_spec import ModelSpec

SELDON_DEPLOYMENT: Final = (words.API_VERSION, words.KIND)
VERSION_LABEL: Final = "version"
"""Label of a predictor with its version's name, as `serving/deployment.py` writes it."""
VIRTUAL_SERVICE: Final = ("networking.istio.io/v1", "VirtualService")
"""What the operator writes the weights into, where the ingress is Istio."""
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Predictor:
    """One version as it is declared and as it is."""

    name: str
    """As `names.predictor` makes it of the version."""
    version: str | None
    """None where nothing says it."""
    share: str
    """What it is to get, as in `10 %` or `shadow 100 %`."""
    routed: int | None = None
    """Percent of the requests that the ingress sends it. None: it has no route yet."""
    ready: int = 0
    """Replicas that are available, by the operator's word."""
    replicas: int | None = None
    """Replicas that there are to be, by the operator's word. None: it has not said."""


@dataclass(frozen=True)
class LiveModel:
    """One model where it is deployed."""

    predictors: tuple[Predictor, ...]
    updated: str = ""
    """When the state was last written; empty for what the cluster says."""
    state: str | None = None
    """The operator's word: Creating, Available, Failed … None: no operator has looked at it."""
    description: str = ""
    """What the operator says besides."""


def of_state(root: Path, environment: str, tenant: str, model: str) -> LiveModel | None:
    """What the last run declared of a model; None where it is not deployed.

    Raises:
        PlatformError: engine, sandbox or state cannot be read.
    """
    from tenantry.engine.state import read_state  # noqa: PLC0415 - only where the engine is asked
    from tenantry.engine.workspace import workspace  # noqa: PLC0415 - only where the engine is asked

    state = read_state(workspace(root, environment), names.tenant_stack(tenant, environment))
    for resource in state.resources if state else ():
        if _is(resource.inputs, model):
            updated = state.updated.isoformat() if state and state.updated else ""
            return LiveModel(tuple(_declared(resource.inputs)), updated)
    return None


def _is(obj: Json, model: str) -> bool:
    return (obj.get("apiVersion"), obj.get("kind")) == SELDON_DEPLOYMENT and obj["metadata"]["name"] == model


def of_cluster(kube: Kube, tenant: str, model: str) -> LiveModel | None:
    """What a cluster has of a model, and what its operator and its ingress say; None where it is not deployed.

    Raises:
        KubeError: the API server does not answer, or knows no SeldonDeployments (`NoKind`).
    """
    namespace = names.namespace(tenant)
    found = kube.get(*SELDON_DEPLOYMENT, model, namespace)
    if found is None:
        return None
    status = found.get("status") or {}
    routed = _routes(kube, model, namespace)
    predictors = tuple(
        Predictor(one.name, one.version, one.share, routed.get(one.name), *_replicas(status, model, one.name))
        for one in _declared(found)
    )
    return LiveModel(predictors, state=status.get("state"), description=status.get("description") or "")


def shares(spec: ModelSpec) -> dict[str | None, str]:
    """What each version of a file is to get, in the words of `Predictor.share`."""
    candidate = spec.candidate
    if candidate is None:
        return {spec.stable.version: "100 %"}
    if candidate.rollout.strategy == "shadow":
        return {spec.stable.version: "100 %", candidate.version: f"shadow {candidate.rollout.mirror} %"}
    percent = candidate.rollout.traffic or 0
    return {spec.stable.version: f"{100 - percent} %", candidate.version: f"{percent} %"}


def _declared(deployment: Json) -> Iterator[Predictor]:
    """What a SeldonDeployment asks for."""
    for one in (deployment.get("spec") or {}).get("predictors") or ():
        share = f"{one.get('traffic') or 0} %"
        version = (one.get("labels") or {}).get(VERSION_LABEL)
        yield Predictor(one["name"], version, f"shadow {share}" if one.get("shadow") else share)


def _replicas(status: Json, model: str, predictor: str) -> tuple[int, int | None]:
    counted = (status.get("deploymentStatus") or {}).get(names.model_deployment(model, predictor)) or {}
    return counted.get("availableReplicas") or 0, counted.get("replicas")


def _routes(kube: Kube, model: str, namespace: str) -> dict[str, int]:
    """Percent of the requests by predictor, as the ingress has it."""
    try:
        found = kube.get(*VIRTUAL_SERVICE, model, namespace)
    except KubeError as error:
        # A cluster without Istio routes nothing.
        if error.reason == "NoKind":
            return {}
        raise
    http = ((found or {}).get("spec") or {}).get("http") or [{}]
    routes = http[0].get("route") or ()
    return {
        str((route.get("destination") or {}).get("subset")): int(route.get("weight", 100 if len(routes) == 1 else 0))
        for route in routes
    }
