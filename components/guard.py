"""What the cluster's rules need to know about one team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry.guards.parameters import NAME


@dataclass(frozen=True, kw_only=True)
class GuardArgs:
    """What the parameters are made from."""

    marks: Marks
    namespace: pulumi.Input[str]
    parameters: Mapping[str, str]


class Guard(pulumi.ComponentResource):
    """The parameters of the platform's rules, in the team's namespace. Without them nothing runs there.

    It makes no rule: those are the platform's, the same for all.
    """

    name: pulumi.Output[str]
    """Name of the ConfigMap."""

    def __init__(self, name: str, args: GuardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Guard", name, None, opts)
        made = k8s.core.v1.ConfigMap(
            name,
            metadata=args.marks.meta("guard", NAME, namespace=args.namespace),
            data=dict(args.parameters),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = made.metadata.name
        self.register_outputs({"name": self.name})
