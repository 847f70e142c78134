"""The team's place in the cluster's queue: what it is guaranteed, and what it borrows while others are idle.

Kinds of Kueue, `kueue.x-k8s.io/v1beta2`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from components.flavors import API_VERSION, gpu_flavors
from components.metadata import Marks
from tenantry import gpu, names
from tenantry.environment import NodePoolSpec
from tenantry.tenant_spec import Lifecycle, QuotaSpec

STOP_POLICY: dict[Lifecycle, str] = {"active": "None", "frozen": "Hold", "offboarding": "HoldAndDrain"}
"""Frozen, nothing new is admitted and what runs ends by itself; offboarding ends it."""


def gpu_group(quota: QuotaSpec, gpu_ceiling: int, flavors: tuple[str, ...]) -> dict[str, Any] | None:
    """Nominal quota and borrowing limit of GPUs, by flavor; None where the team may hold none.

    A borrower may borrow of any flavor, up to the tier's ceiling less all that it is guaranteed. The ResourceQuota
    keeps the sum over the flavors below the ceiling.
    """
    spare = max(0, gpu_ceiling - sum(quota.gpus.values())) if quota.borrow else 0
    offered = [flavor for flavor in flavors if spare or quota.gpus.get(flavor)]
    if not offered:
        return None
    return {
        "coveredResources": [gpu.RESOURCE],
        "flavors": [_flavor(flavor, {gpu.RESOURCE: str(quota.gpus.get(flavor, 0))}, spare) for flavor in offered],
    }


def _flavor(name: str, nominal: dict[str, str], borrow: int = 0) -> dict[str, Any]:
    resources = [
        {"name": resource, "nominalQuota": amount, "borrowingLimit": str(borrow)}
        for resource, amount in nominal.items()
    ]
    return {"name": name, "resources": resources}


def cluster_queue_spec(
    namespace: str, quota: QuotaSpec, gpu_ceiling: int, flavors: tuple[str, ...], lifecycle: Lifecycle
) -> dict[str, Any]:
    """The whole `spec` of the team's ClusterQueue.

    It is in the cohort whether or not the team borrows: its idle GPUs are lent, and taken back by preemption
    when it wants them. CPU and memory are neither borrowed nor lent beyond what the ResourceQuota allows.
    """
    compute = {
        "coveredResources": ["cpu", "memory"],
        "flavors": [_flavor(names.ANY_NODE_FLAVOR, {"cpu": str(quota.cpu), "memory": quota.memory})],
    }
    accelerators = gpu_group(quota, gpu_ceiling, flavors)
    return {
        "cohortName": names.COHORT,
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "preemption": {"reclaimWithinCohort": "Any", "withinClusterQueue": "LowerPriority"},
        "resourceGroups": [compute, accelerators] if accelerators else [compute],
        "stopPolicy": STOP_POLICY[lifecycle],
    }


@dataclass(frozen=True, kw_only=True)
class QueueArgs:
    """What the queue is made from."""

    marks: Marks
    tenant: str
    namespace: pulumi.Input[str]
    quota: QuotaSpec
    gpu_ceiling: int
    """GPUs that a tenant of the tier may hold, guaranteed and borrowed."""
    node_pools: dict[str, NodePoolSpec]
    """The cluster's pools, for the flavors that it has."""
    lifecycle: Lifecycle


class Queue(pulumi.ComponentResource):
    """The team's ClusterQueue, and the LocalQueue that its workloads land in. Flavors are the platform's to make."""

    name: pulumi.Output[str]
    """Name of the LocalQueue."""

    def __init__(self, name: str, args: QueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Queue", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        flavors = gpu_flavors(args.node_pools)
        namespace = names.namespace(args.tenant)
        shared = k8s.apiextensions.CustomResource(
            name,
            api_version=API_VERSION,
            kind="ClusterQueue",
            metadata=args.marks.meta("queue", names.cluster_queue(args.tenant)),
            spec=cluster_queue_spec(namespace, args.quota, args.gpu_ceiling, flavors, args.lifecycle),
            opts=here,
        )
        local = k8s.apiextensions.CustomResource(
            f"{name}-local",
            api_version=API_VERSION,
            kind="LocalQueue",
            metadata=args.marks.meta("queue", names.LOCAL_QUEUE, namespace=args.namespace),
            spec={"clusterQueue": names.cluster_queue(args.tenant), "stopPolicy": STOP_POLICY[args.lifecycle]},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[shared]),
        )
        self.name = local.urn.apply(lambda _: names.LOCAL_QUEUE)
        self.register_outputs({"name": self.name})
