"""One model of a team: what serves it, and how its pods may be taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry import names
from tenantry.environment import NodePoolSpec
from tenantry.model_spec import ModelSpec
from tenantry.models.effective import EffectiveModel
from tenantry.models.gates import gate_annotations
from tenantry.serving import words
from tenantry.serving.deployment import spec

if TYPE_CHECKING:
    from pulumi_kubernetes.policy.v1 import PodDisruptionBudgetSpecArgsDict

CONCERN = "model"
"""The value of the component's label."""


def by_flavor(pools: Mapping[str, NodePoolSpec]) -> dict[str, list[str]]:
    """Names of the pools that are not switched off, by the flavor of their GPUs."""
    found: dict[str, list[str]] = {}
    for name, pool in pools.items():
        if pool.gpu and pool.nodes:
            found.setdefault(pool.gpu, []).append(name)
    return found


def disruption(model: str) -> PodDisruptionBudgetSpecArgsDict:
    """One pod of a model at a time, whichever version's.

    Not `pdbSpec` of the predictors: the operator gives each one's budget the pods of all of them, and Kubernetes evicts
    no pod that two budgets choose, so that no node with a canary on it could be drained.
    """
    return {"max_unavailable": 1, "selector": {"match_labels": {words.DEPLOYMENT_LABEL: model}}}


@dataclass(frozen=True, kw_only=True)
class ModelArgs:
    """What a model's objects are made from."""

    marks: Marks
    tenant: str
    namespace: pulumi.Input[str]
    model: EffectiveModel
    node_pools: Mapping[str, NodePoolSpec] = field(default_factory=dict)
    """The environment's pools, for models with GPUs."""


class Model(pulumi.ComponentResource):
    """The SeldonDeployment of one model's file, and one PodDisruptionBudget for all of its versions.

    It makes no pods, Services or routes: Seldon's operator does. A model whose gate fails is declared with that
    verdict, and the API server refuses it (rule `model-gate`).
    """

    name: pulumi.Output[str]
    """Name of the SeldonDeployment: the model's id."""

    def __init__(self, name: str, args: ModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Model", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        model = args.model.spec
        marks = replace(args.marks, annotations={**args.marks.annotations, names.SOURCE_ANNOTATION: args.model.source})
        judged = replace(marks, annotations={**marks.annotations, **_verdict(model)})
        made = k8s.apiextensions.CustomResource(
            name,
            api_version=words.API_VERSION,
            kind=words.KIND,
            metadata=judged.meta(CONCERN, model.id, namespace=args.namespace),
            spec=spec(model, args.tenant, by_flavor(args.node_pools)),
            opts=here,
        )
        budget = marks.meta(CONCERN, model.id, namespace=args.namespace)
        k8s.policy.v1.PodDisruptionBudget(name, metadata=budget, spec=disruption(model.id), opts=here)
        self.name = made.urn.apply(lambda _: model.id)
        self.register_outputs({"name": self.name})


def _verdict(model: ModelSpec) -> Mapping[str, str]:
    """Which version is what, and what the gate says. On the object alone: on pods, a changed verdict would make all of
    them anew.
    """
    versions = {f"{names.LABEL_DOMAIN}/{key}": version.version for key, version in model.versions.items()}
    return {**versions, **gate_annotations(model)}
