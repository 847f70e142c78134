"""A model's file as the spec of one SeldonDeployment. One predictor a version, one unit a predictor: the model.

Seldon makes a predictor's pods anew when anything in the predictor changes but its weight and its number of replicas.
So a predictor's text holds nothing of its place: a version that is promoted has the same text as candidate and as
stable, down to the port of its metrics, and runs on. (A shadow is marked as one on its pods; it is made anew, one
after the other, before it gets traffic.) See docs/adr/0029-a-rollout-is-one-object.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tenantry import gpu, names
from tenantry.model_spec import CandidateSpec, ModelSpec, VersionSpec
from tenantry.models.addresses import resolved
from tenantry.models.footprint import EXECUTOR_CPU, EXECUTOR_MEMORY
from tenantry.models.runtimes import RUNTIMES
from tenantry.pipelines.footprint import Resources
from tenantry.pipelines.workflows import RESTRICTED
from tenantry.serving import words

QUEUE_LABEL: Final = "kueue.x-k8s.io/queue-name"
EXECUTOR: Final = Resources(EXECUTOR_CPU, EXECUTOR_CPU, EXECUTOR_MEMORY, EXECUTOR_MEMORY)
"""Seldon's own container in every pod. Said here and not left to the operator: another default would restart it all."""
BUSY: Final = 70
"""Percent of the requested CPU at which a model gets another replica, as upstream's examples have it."""


def spec(model: ModelSpec, tenant: str, pools: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The whole `spec` of the model's SeldonDeployment.

    Args:
        model: The model's file.
        tenant: Whose it is: addresses of its store are spelled out.
        pools: Names of the environment's pools by the GPU flavor of their nodes.
    """
    return {
        "protocol": model.protocol,
        "predictors": [
            {**_predictor(model, version, tenant, pools), **_share(model, version)}
            for version in model.versions.values()
        ],
    }


def _share(model: ModelSpec, version: VersionSpec) -> dict[str, Any]:
    """Percent of requests that a version answers; of a shadow, percent that it sees."""
    if isinstance(version, CandidateSpec):
        rollout = version.rollout
        shadow = rollout.strategy == "shadow"
        return {"traffic": rollout.mirror, "shadow": True} if shadow else {"traffic": rollout.traffic}
    rest = model.candidate.rollout.traffic if model.candidate else None
    return {"traffic": 100 - (rest or 0)}


def _predictor(
    model: ModelSpec, version: VersionSpec, tenant: str, pools: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    queue = {QUEUE_LABEL: names.LOCAL_QUEUE} if model.resources.gpu else {}
    component = {"spec": _pod(model, version, pools)}
    scaled = model.replicas.highest > model.replicas.min
    return {
        "name": names.predictor(version.version),
        "labels": {"version": version.version, **queue},
        "replicas": model.replicas.min,
        "graph": _graph(model, version, tenant),
        "componentSpecs": [{**component, "hpaSpec": _scaling(model)} if scaled else component],
        "svcOrchSpec": {"resources": EXECUTOR.manifest()},
    }


def _graph(model: ModelSpec, version: VersionSpec, tenant: str) -> dict[str, Any]:
    unit: dict[str, Any] = {"name": names.MODEL_UNIT, "type": "MODEL", "serviceAccountName": words.SERVER}
    if server := RUNTIMES[model.runtime].implementation:
        unit["implementation"] = server
    if version.uri:
        unit |= {"modelUri": resolved(version.uri, tenant), "envSecretRefName": words.STORE_SECRET}
    if model.task:
        unit["parameters"] = [{"name": "task", "type": "STRING", "value": model.task}]
    return unit


def _pod(model: ModelSpec, version: VersionSpec, pools: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    container: dict[str, Any] = {
        "name": names.MODEL_UNIT,
        # Left to itself the operator numbers these ports through all predictors: taking one away renumbers the rest.
        "ports": [{"name": "metrics", "containerPort": words.MODEL_METRICS, "protocol": "TCP"}],
        "resources": _resources(model),
        "securityContext": RESTRICTED,
    }
    if version.image:
        container["image"] = version.image
    return {
        "serviceAccountName": words.SERVER,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": words.USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        **(_nodes(pools.get(model.resources.gpu.flavor, ())) if model.resources.gpu else {}),
    }


def _resources(model: ModelSpec) -> dict[str, dict[str, str]]:
    """Memory has a limit and CPU has none, as everywhere in a tenant's namespace (components/quota.py)."""
    asked = model.resources
    devices = {gpu.RESOURCE: str(asked.gpu.count)} if asked.gpu else {}
    return {
        "requests": {"cpu": f"{asked.millicores}m", "memory": asked.memory, **devices},
        "limits": {"memory": asked.memory, **devices},
    }


def _nodes(pools: Sequence[str]) -> dict[str, Any]:
    """Nodes with the model's GPU. The toleration comes by itself (guards/mutations.py)."""
    if len(pools) == 1:
        return {"nodeSelector": {names.POOL_LABEL: pools[0]}}
    term = {"matchExpressions": [{"key": names.POOL_LABEL, "operator": "In", "values": sorted(pools)}]}
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    return {"affinity": {"nodeAffinity": required}}


def _scaling(model: ModelSpec) -> dict[str, Any]:
    """For a HorizontalPodAutoscaler of `autoscaling/v2`, one a predictor."""
    busy = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": BUSY}}
    return {
        "minReplicas": model.replicas.min,
        "maxReplicas": model.replicas.highest,
        "metricsv2": [{"type": "Resource", "resource": busy}],
    }
