"""The team's place at the API server: seats of its own, so that no team's flood of requests keeps another waiting.

API Priority and Fairness: a PriorityLevelConfiguration holds seats and queues, a FlowSchema says whose requests
take them. Both are of the whole cluster.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry import names
from tenantry.tenant_spec import AccessSpec

if TYPE_CHECKING:
    from pulumi_kubernetes.flowcontrol.v1 import (
        FlowSchemaSpecArgsDict,
        LimitedPriorityLevelConfigurationArgsDict,
        SubjectArgsDict,
    )

PRECEDENCE = 5000
"""After every schema of Kubernetes' own parts, the last of which has 900, and before `service-accounts` with 9000."""

SEATS: LimitedPriorityLevelConfigurationArgsDict = {
    # The levels that Kubernetes brings have 245 shares together, 30 of them for nodes: with one share a team, a
    # thousand teams still leave those their seats.
    "nominal_concurrency_shares": 1,
    # Seats that others leave idle, up to this many percent of its own.
    "borrowing_limit_percent": 1000,
    "lendable_percent": 50,
    # As Kubernetes sizes its own small levels: one person's requests reach 4 of 16 queues.
    "limit_response": {"type": "Queue", "queuing": {"queues": 16, "hand_size": 4, "queue_length_limit": 50}},
}
"""What one team may keep the API server busy with. Beyond the queues it is answered 429, and nobody else is."""


def own_groups(access: AccessSpec, shared: Iterable[str]) -> tuple[str, ...]:
    """Groups whose requests are this team's doing.

    Not those that several teams name: their members would take the seats of whichever team is asked first.
    """
    return tuple(sorted(access.groups - {*shared}))


def flow_schema(level: str, namespace: str, groups: tuple[str, ...]) -> FlowSchemaSpecArgsDict:
    """The whole `spec`: whatever those groups and the namespace's service accounts ask for, one queue a user."""
    accounts: SubjectArgsDict = {
        "kind": "ServiceAccount",
        "service_account": {"name": "*", "namespace": namespace},
    }
    people: list[SubjectArgsDict] = [{"kind": "Group", "group": {"name": group}} for group in groups]
    return {
        "priority_level_configuration": {"name": level},
        "matching_precedence": PRECEDENCE,
        "distinguisher_method": {"type": "ByUser"},
        "rules": [
            {
                "subjects": [accounts, *people],
                "resource_rules": [
                    {
                        "verbs": ["*"],
                        "api_groups": ["*"],
                        "resources": ["*"],
                        "namespaces": ["*"],
                        "cluster_scope": True,
                    }
                ],
                "non_resource_rules": [{"verbs": ["*"], "non_resource_urls": ["*"]}],
            }
        ],
    }


@dataclass(frozen=True, kw_only=True)
class FairnessArgs:
    """What the team's level is made from."""

    marks: Marks
    tenant: str
    access: AccessSpec
    shared_groups: tuple[str, ...]
    """Groups of the environment that more than one tenant may name."""


class Fairness(pulumi.ComponentResource):
    """Seats at the API server for the team's people and workloads. It takes none of the cluster's own parts'."""

    level: pulumi.Output[str]
    """Name of the priority level."""

    def __init__(self, name: str, args: FairnessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Fairness", name, None, opts)
        level = k8s.flowcontrol.v1.PriorityLevelConfiguration(
            f"{name}-level",
            metadata=args.marks.meta("fairness", names.priority_level(args.tenant)),
            spec={"type": "Limited", "limited": SEATS},
            opts=pulumi.ResourceOptions(parent=self),
        )
        groups = own_groups(args.access, args.shared_groups)
        k8s.flowcontrol.v1.FlowSchema(
            f"{name}-flow",
            metadata=args.marks.meta("fairness", names.priority_level(args.tenant)),
            spec=flow_schema(names.priority_level(args.tenant), names.namespace(args.tenant), groups),
            # A schema without its level sends nobody anywhere.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[level]),
        )
        self.level = level.metadata.name
        self.register_outputs({"level": self.level})
