"""The kind that every team's models are made of, once a cluster.

Upstream's definition in substance: names, versions, scope and subresources, and any content. The operator and the rules
check what they read; upstream's schema of every field of a pod is almost two megabytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry.serving import words

if TYPE_CHECKING:
    from pulumi_kubernetes.apiextensions.v1 import (
        CustomResourceDefinitionSpecArgsDict,
        CustomResourceDefinitionVersionArgsDict,
    )

VERSIONS = ("v1", "v1alpha2", "v1alpha3")
"""All are served, as upstream has them; the first is stored. Nothing converts: they are the same."""


def version(name: str) -> CustomResourceDefinitionVersionArgsDict:
    """One version of the kind."""
    return {
        "name": name,
        "served": True,
        "storage": name == VERSIONS[0],
        "schema": {"open_apiv3_schema": {"type": "object", "x_kubernetes_preserve_unknown_fields": True}},
        "subresources": {
            "status": {},
            "scale": {"spec_replicas_path": ".spec.replicas", "status_replicas_path": ".status.replicas"},
        },
        "additional_printer_columns": [
            {"name": "State", "type": "string", "json_path": ".status.state"},
            {"name": "Age", "type": "date", "json_path": ".metadata.creationTimestamp"},
        ],
    }


def specification() -> CustomResourceDefinitionSpecArgsDict:
    """The whole `spec` of the definition."""
    return {
        "group": words.GROUP,
        "scope": "Namespaced",
        "names": {
            "kind": words.KIND,
            "list_kind": f"{words.KIND}List",
            "plural": "seldondeployments",
            "singular": "seldondeployment",
            "short_names": ["sdep"],
        },
        "versions": [version(name) for name in VERSIONS],
    }


@dataclass(frozen=True, kw_only=True)
class ServingClusterArgs:
    """What the definition is made from."""

    marks: Marks


class ServingCluster(pulumi.ComponentResource):
    """Definition of SeldonDeployments. Not for a sandbox, which has it already, nor beside another Seldon Core v1.

    It is protected and stays when the stack goes: with it would go every model of every team.
    """

    kind: pulumi.Output[str]
    """Name of the definition."""

    def __init__(self, name: str, args: ServingClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:platform:ServingCluster", name, None, opts)
        made = k8s.apiextensions.v1.CustomResourceDefinition(
            f"{name}-seldondeployments",
            metadata=args.marks.meta("serving", f"seldondeployments.{words.GROUP}"),
            spec=specification(),
            opts=pulumi.ResourceOptions(parent=self, protect=True, retain_on_delete=True),
        )
        self.kind = made.metadata.name
        self.register_outputs({"kind": self.kind})
