"""What a team may hold at once, and what a container gets that asks for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.kinds import KINDS
from components.metadata import Marks
from tenantry import gpu
from tenantry.pipelines.footprint import Footprint
from tenantry.quantity import canonical
from tenantry.tenant_spec import Lifecycle, QuotaSpec

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import LimitRangeItemArgsDict, ResourceQuotaSpecArgsDict

OTHER_ACCELERATORS = (
    "amd.com/gpu",
    "aws.amazon.com/neuron",
    "aws.amazon.com/neuroncore",
    "aws.amazon.com/neurondevice",
    "gpu.intel.com/i915",
    "gpu.intel.com/xe",
    "habana.ai/gaudi",
    "nvidia.com/gpu.shared",
)
"""Accelerators that no quota block grants, as the device plugins of their vendors advertise them."""

CONTAINER_DEFAULTS: LimitRangeItemArgsDict = {
    "type": "Container",
    "default_request": {"cpu": "100m", "memory": "256Mi"},
    "default": {"memory": "1Gi"},
}
"""For containers that ask for nothing, such as those that Argo and Pipelines add to every step.

No CPU limit: a container that requests two CPUs and names no limit would be refused because of it. CPU is
shared by requests when it is short, so a limit protects nobody. Memory has one, because memory cannot be taken back.
"""

SYSTEM_PRIORITIES = ("system-cluster-critical", "system-node-critical")
"""Priority classes of Kubernetes' own parts. Unless a quota says no, any pod may use them and evict others."""


def gpus(quota: QuotaSpec, ceiling: int) -> int:
    """GPUs of all flavors together that pods of the team may request.

    Kubernetes counts `nvidia.com/gpu` without looking at the flavor. Who does not borrow holds what is guaranteed,
    summed over the flavors. Who borrows may hold up to the tier's ceiling: the guarantee is then kept by the team's
    queue, which admits the rest only while others leave their GPUs idle.

    Args:
        quota: The team's quota; `gpus` are the guaranteed ones by flavor.
        ceiling: GPUs that a tenant of the tier may hold, guaranteed and borrowed.
    """
    return ceiling if quota.borrow else sum(quota.gpus.values())


def hard_limits(quota: QuotaSpec, gpu_ceiling: int, lifecycle: Lifecycle) -> dict[str, str]:
    """The whole `hard` of the team's ResourceQuota.

    Unless the team is active there is no room for new pods; running ones stay. CPU is limited by requests
    only (see `CONTAINER_DEFAULTS`), memory by requests and limits. Every amount is spelled as the API server spells
    it, so that a look at the live quota shows no change that is none.
    """
    hard = {
        "requests.cpu": str(quota.cpu),
        "requests.memory": quota.memory,
        "limits.memory": quota.memory,
        "requests.storage": quota.storage,
        "pods": str(quota.pods) if lifecycle == "active" else "0",
        f"requests.{gpu.RESOURCE}": str(gpus(quota, gpu_ceiling)),
        **{f"requests.{resource}": "0" for resource in OTHER_ACCELERATORS},
        "services.nodeports": "0",
        "services.loadbalancers": "0",
        **{f"count/{kind.qualified}": str(kind.limit(quota.pods)) for kind in KINDS},
    }
    return {key: canonical(value) for key, value in hard.items()}


def no_system_priority() -> ResourceQuotaSpecArgsDict:
    """A quota that refuses pods of the classes in `SYSTEM_PRIORITIES`."""
    return {
        "hard": {"pods": "0"},
        "scope_selector": {
            "match_expressions": [
                {"scope_name": "PriorityClass", "operator": "In", "values": list(SYSTEM_PRIORITIES)},
            ],
        },
    }


@dataclass(frozen=True, kw_only=True)
class QuotaArgs:
    """What the quota is made from."""

    marks: Marks
    namespace: pulumi.Input[str]
    quota: QuotaSpec
    gpu_ceiling: int
    """GPUs that a tenant of the tier may hold, guaranteed and borrowed."""
    lifecycle: Lifecycle
    installs: tuple[Footprint, ...] = ()
    """What the platform runs for the team in its namespace, on top of what the team asked for."""


class Quota(pulumi.ComponentResource):
    """Quota, defaults of containers and a ban on system priorities. It sets no limit that only an admin could meet."""

    name: pulumi.Output[str]
    """Name of the ResourceQuota whose `status` says what the team uses."""

    def __init__(self, name: str, args: QuotaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Quota", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        hard = hard_limits(args.quota, args.gpu_ceiling, args.lifecycle)
        quota = k8s.core.v1.ResourceQuota(
            name,
            metadata=args.marks.meta("quota", "tenant", namespace=args.namespace),
            spec={"hard": reduce(lambda hard, install: install.added_to(hard), args.installs, hard)},
            opts=here,
        )
        k8s.core.v1.ResourceQuota(
            f"{name}-no-system-priority",
            metadata=args.marks.meta("quota", "no-system-priority", namespace=args.namespace),
            spec=no_system_priority(),
            opts=here,
        )
        k8s.core.v1.LimitRange(
            f"{name}-defaults",
            metadata=args.marks.meta("quota", "defaults", namespace=args.namespace),
            spec={"limits": [CONTAINER_DEFAULTS]},
            opts=here,
        )
        self.name = quota.metadata.name
        self.register_outputs({"name": self.name})
