"""The hardware that tenants queue for, as Kueue knows it. `kueue.x-k8s.io/v1beta2`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry import gpu, names
from tenantry.environment import NodePoolSpec

API_VERSION = "kueue.x-k8s.io/v1beta2"


def gpu_flavors(node_pools: Mapping[str, NodePoolSpec]) -> tuple[str, ...]:
    """GPU flavors that the cluster has, the cheapest first: Kueue tries them in order. Pools of a flavor are one."""
    present = {pool.gpu for pool in node_pools.values()}
    return tuple(flavor for flavor in gpu.FLAVORS if flavor in present)


def flavor_specs(node_pools: Mapping[str, NodePoolSpec]) -> dict[str, dict[str, Any]]:
    """The `spec` of every ResourceFlavor by its name.

    A workload that gets GPUs of a flavor is sent to that flavor's nodes, and tolerates the taint that keeps
    everything else away from them.
    """
    toleration = {"key": gpu.RESOURCE, "operator": "Exists", "effect": "NoSchedule"}
    return {
        names.ANY_NODE_FLAVOR: {},
        **{
            flavor: {"nodeLabels": {gpu.PRODUCT_LABEL: gpu.FLAVORS[flavor].product}, "tolerations": [toleration]}
            for flavor in gpu_flavors(node_pools)
        },
    }


@dataclass(frozen=True, kw_only=True)
class FlavorsArgs:
    """What the flavors are made from."""

    marks: Marks
    node_pools: Mapping[str, NodePoolSpec]


class Flavors(pulumi.ComponentResource):
    """A ResourceFlavor for every kind of node, and the cohort in which tenants lend to each other.

    The cohort has no quota of its own: what can be borrowed is what somebody is guaranteed and does not use.
    """

    cohort: pulumi.Output[str]
    """Name of the cohort."""

    def __init__(self, name: str, args: FlavorsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:platform:Flavors", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        for flavor, spec in flavor_specs(args.node_pools).items():
            k8s.apiextensions.CustomResource(
                f"{name}-{flavor}",
                api_version=API_VERSION,
                kind="ResourceFlavor",
                metadata=args.marks.meta("flavors", flavor),
                spec=spec,
                opts=here,
            )
        cohort = k8s.apiextensions.CustomResource(
            f"{name}-cohort",
            api_version=API_VERSION,
            kind="Cohort",
            metadata=args.marks.meta("flavors", names.COHORT),
            spec={},
            opts=here,
        )
        self.cohort = cohort.urn.apply(lambda _: names.COHORT)
        self.register_outputs({"cohort": self.cohort})
