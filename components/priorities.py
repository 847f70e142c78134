"""How tiers rank when pods wait for the same node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry import names
from tenantry.environment import TierSpec

STEP = 1000
"""Priority between two tiers: room for ranks within one. Everything stays far below 10^9, the most a user may set."""


def priorities(tiers: Mapping[str, TierSpec]) -> dict[str, int]:
    """Priority of every tier: the more it may spend, the higher. In any order of the file."""
    ranked = sorted(tiers, key=lambda tier: (tiers[tier].ceilings.monthly_usd, tier))
    return {tier: STEP * (rank + 1) for rank, tier in enumerate(ranked)}


@dataclass(frozen=True, kw_only=True)
class PrioritiesArgs:
    """What the priority classes are made from."""

    marks: Marks
    tiers: Mapping[str, TierSpec]


class Priorities(pulumi.ComponentResource):
    """A PriorityClass for every tier. None evicts: a team's running pod never makes room for another team's."""

    names: pulumi.Output[list[str]]
    """Names of the classes."""

    def __init__(self, name: str, args: PrioritiesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:platform:Priorities", name, None, opts)
        made = [
            k8s.scheduling.v1.PriorityClass(
                f"{name}-{tier}",
                metadata=args.marks.meta("priorities", names.priority_class(tier)),
                value=value,
                global_default=False,
                preemption_policy="Never",
                description=f"Workloads of tenants of the tier {tier}.",
                opts=pulumi.ResourceOptions(parent=self),
            )
            for tier, value in priorities(args.tiers).items()
        ]
        self.names = pulumi.Output.all(*(priority.metadata.name for priority in made))
        self.register_outputs({"names": self.names})
