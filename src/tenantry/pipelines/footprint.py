"""What a team's Pipelines takes of the cluster, container by container, whether or not anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenantry import names
from tenantry.pipelines.stores import IN_NAMESPACE, Database, ObjectStore, own_store
from tenantry.quantity import UNITS, canonical, number
from tenantry.versions import PipelinesRelease, pipelines_release

if TYPE_CHECKING:
    from tenantry.effective import EffectiveTenant


@dataclass(frozen=True)
class Resources:
    """Requests and limits of one container, in thousandths of a core and MiB."""

    cpu: int
    cpu_limit: int
    memory: int
    memory_limit: int

    def manifest(self) -> dict[str, dict[str, str]]:
        """As Kubernetes writes it."""
        return {
            "limits": {"cpu": f"{self.cpu_limit}m", "memory": f"{self.memory_limit}Mi"},
            "requests": {"cpu": f"{self.cpu}m", "memory": f"{self.memory}Mi"},
        }


EXECUTOR = Resources(10, 500, 32, 512)
"""Argo's own containers in every step. Upstream leaves them to the LimitRange (kubeflow/pipelines#7699)."""
WAIT = Resources(10, 100, 16, 64)
"""An init container that waits for a port."""

PARTS: Mapping[str, Resources] = MappingProxyType(
    {
        "ml-pipeline": Resources(250, 1000, 500, 1024),
        "ml-pipeline-ui": Resources(10, 500, 70, 256),
        "ml-pipeline-persistenceagent": Resources(120, 500, 500, 1024),
        "ml-pipeline-scheduledworkflow": Resources(10, 250, 64, 256),
        "workflow-controller": Resources(100, 1000, 500, 1024),
        "metadata-grpc-deployment": Resources(50, 500, 128, 512),
        "metadata-envoy-deployment": Resources(20, 250, 64, 256),
        "mysql": Resources(100, 1000, 800, 1600),
        "seaweedfs": Resources(64, 1000, 256, 1024),
    }
)
"""Resources of each Deployment's one container. Requests are upstream's where it has any; limits are twice that or
more. Waiting is over before the container starts, and asks for less."""

METADATA = ("metadata-grpc-deployment", "metadata-envoy-deployment")
"""Parts that a release without ML Metadata has not."""
DATABASE_GIB = 20
STORE_GIB = 20
"""Size of the two volumes, in GiB, as upstream has them."""
MEBI = UNITS["Mi"]


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """What an install holds of the team's namespace."""

    pods: int
    cpu: int
    """Thousandths of a core, requested."""
    memory: int
    """MiB requested."""
    memory_limit: int
    """MiB that its containers may use."""
    storage: int
    """GiB of disk."""

    def added_to(self, hard: Mapping[str, str]) -> dict[str, str]:
        """The hard limits of a ResourceQuota with room for the install on top of what the team asked for.

        In whole cores and GiB, rounded up, so that people can read the sum. Of a team that is frozen too: its Pipelines
        stays, and could not start anew in a change or on another node.
        """
        gibibytes = {
            "requests.memory": ceil(self.memory / 1024),
            "limits.memory": ceil(self.memory_limit / 1024),
            "requests.storage": self.storage,
        }
        more = {key: canonical(f"{int(number(hard[key]) / MEBI) + extra * 1024}Mi") for key, extra in gibibytes.items()}
        units = {"requests.cpu": ceil(self.cpu / 1000), "pods": self.pods}
        whole = {key: canonical(str(int(number(hard[key])) + extra)) for key, extra in units.items()}
        return {**hard, **more, **whole}


def footprint(release: PipelinesRelease, database: Database, store: ObjectStore) -> Footprint:
    """What an install takes: every part that this one has, once. Deployments are recreated, never doubled."""
    names = parts(release, database, store)
    taken = [PARTS[name] for name in names]
    return Footprint(
        pods=len(names),
        cpu=sum(one.cpu for one in taken),
        memory=sum(one.memory for one in taken),
        memory_limit=sum(one.memory_limit for one in taken),
        storage=DATABASE_GIB * database.in_namespace + STORE_GIB * store.in_namespace,
    )


def footprint_of(tenant: EffectiveTenant) -> Footprint:
    """What the Pipelines of a tenant takes that wants one."""
    return footprint(pipelines_release(tenant.stack), IN_NAMESPACE, own_store(names.namespace(tenant.spec.id)))


def parts(release: PipelinesRelease, database: Database, store: ObjectStore) -> tuple[str, ...]:
    """Names of the Deployments of an install."""
    there = {
        "mysql": database.in_namespace,
        "seaweedfs": store.in_namespace,
        **dict.fromkeys(METADATA, release.metadata),
    }
    return tuple(name for name in PARTS if there.get(name, True))
