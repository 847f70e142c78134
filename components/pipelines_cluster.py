"""The kinds that every team's Pipelines is made of, once a cluster.

Upstream's "minimal" definitions in substance: names, versions, scope and subresources, and any content. The programs
check what they read; a schema of every field would be six megabytes of the API server's memory and of every diff.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks

if TYPE_CHECKING:
    from pulumi_kubernetes.apiextensions.v1 import (
        CustomResourceColumnDefinitionArgsDict,
        CustomResourceDefinitionSpecArgsDict,
        CustomResourceDefinitionVersionArgsDict,
        JSONSchemaPropsArgsDict,
    )

ARGO = "argoproj.io"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One kind."""

    group: str
    kind: str
    short: Sequence[str] = ()
    version: str = "v1alpha1"
    scope: str = "Namespaced"
    status: bool = False
    """Whether the status is a subresource. Argo writes a Workflow in one piece: where it is one, its status is lost."""

    @property
    def plural(self) -> str:
        """Its resource's name."""
        return f"{self.kind.lower()}s"


DEFINITIONS = (
    Definition(group=ARGO, kind="ClusterWorkflowTemplate", short=("clusterwftmpl", "cwft"), scope="Cluster"),
    Definition(group=ARGO, kind="CronWorkflow", short=("cwf", "cronwf")),
    Definition(group=ARGO, kind="Workflow", short=("wf",)),
    Definition(group=ARGO, kind="WorkflowArtifactGCTask", short=("wfat",), status=True),
    Definition(group=ARGO, kind="WorkflowTaskResult"),
    Definition(group=ARGO, kind="WorkflowTaskSet", short=("wfts",), status=True),
    Definition(group=ARGO, kind="WorkflowTemplate", short=("wftmpl",)),
    Definition(group="kubeflow.org", kind="ScheduledWorkflow", short=("swf",), version="v1beta1"),
)
"""Kinds of Argo Workflows 4.0 and Kubeflow Pipelines 2.17, without those of parts that Tenantry does not install.
The controller watches cluster templates only where it may: no team's account may."""

COLUMNS: list[CustomResourceColumnDefinitionArgsDict] = [
    {"name": "Status", "type": "string", "json_path": ".status.phase"},
    {"name": "Age", "type": "date", "json_path": ".metadata.creationTimestamp"},
]


def specification(one: Definition) -> CustomResourceDefinitionSpecArgsDict:
    """The whole `spec` of a definition."""
    anything: JSONSchemaPropsArgsDict = {"type": "object", "x_kubernetes_preserve_unknown_fields": True}
    version: CustomResourceDefinitionVersionArgsDict = {
        "name": one.version,
        "served": True,
        "storage": True,
        "schema": {"open_apiv3_schema": anything},
        "additional_printer_columns": COLUMNS,
    }
    if one.status:
        version["subresources"] = {"status": {}}
    return {
        "group": one.group,
        "scope": one.scope,
        "names": {
            "kind": one.kind,
            "list_kind": f"{one.kind}List",
            "plural": one.plural,
            "singular": one.kind.lower(),
            "short_names": list(one.short),
        },
        "versions": [version],
    }


@dataclass(frozen=True, kw_only=True)
class PipelinesClusterArgs:
    """What the definitions are made from."""

    marks: Marks


class PipelinesCluster(pulumi.ComponentResource):
    """Definitions of the kinds. Not for a sandbox, which has them already, nor beside another Argo Workflows.

    They are protected and stay when the stack goes: with a definition goes every object of its kind, of every team.
    """

    kinds: pulumi.Output[list[str]]
    """Names of the definitions."""

    def __init__(self, name: str, args: PipelinesClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:platform:PipelinesCluster", name, None, opts)
        made = [
            k8s.apiextensions.v1.CustomResourceDefinition(
                f"{name}-{one.plural}",
                metadata=args.marks.meta("pipelines", f"{one.plural}.{one.group}"),
                spec=specification(one),
                opts=pulumi.ResourceOptions(parent=self, protect=True, retain_on_delete=True),
            )
            for one in DEFINITIONS
        ]
        self.kinds = pulumi.Output.all(*(one.metadata.name for one in made))
        self.register_outputs({"kinds": self.kinds})
