"""What is deployed: each tenant's stack as its state says, and its namespace as the cluster says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tenantry import gpu, names
from tenantry.diff.compare import title
from tenantry.engine.state import StackState, StateResource, read_state
from tenantry.engine.workspace import Workspace, workspace
from tenantry.kube import Kube, KubeError
from tenantry.quantity import number

Json = dict[str, Any]
Key = tuple[str, str, str | None, str]
"""An object's apiVersion, kind, namespace and name."""

SHOWN: Final[Mapping[str, str]] = {
    "cpu": "requests.cpu",
    "memory": "requests.memory",
    "gpus": f"requests.{gpu.RESOURCE}",
    "storage": "requests.storage",
    "pods": "pods",
}
"""Word of a tenant's `quota:` block → resource of its ResourceQuota."""
NAMESPACE: Final = ("v1", "Namespace")
RESOURCE_QUOTA: Final = ("v1", "ResourceQuota")


@dataclass(frozen=True)
class QuotaUse:
    """How much of one resource a tenant holds."""

    resource: str
    """As in the tenant's file: cpu, memory, gpus, storage, pods."""
    used: str
    hard: str
    """Both as Kubernetes writes quantities."""
    share: float
    """Used over hard; above 1.0 where the quota was lowered below what is held. 0.0 for nothing of nothing."""


@dataclass(frozen=True, kw_only=True)
class TenantStatus:
    """One tenant in one environment, as it is."""

    tenant: str
    environment: str
    stack: str
    deployed: bool
    """Whether `up` ever made anything of it."""
    updated: datetime | None
    """When its state was last written."""
    resources: int
    """Resources in its state."""
    missing: tuple[str, ...]
    """Objects that the state has and the cluster has not, as in `NetworkPolicy vision/default-deny`: drift."""
    pending: int
    """Operations that a killed run left; the next `up` clears them up."""
    phase: str | None
    """Phase of its namespace: Active or Terminating. None where there is none."""
    lifecycle: str | None
    """What its namespace is labelled with: active, frozen or offboarding."""
    quota: tuple[QuotaUse, ...]
    """None of it until the cluster's quota controller has counted."""


def status(root: Path, environment: str, tenants: Sequence[str]) -> list[TenantStatus]:
    """How each tenant is, in the order asked for. Writes nothing and runs no program.

    The cluster is asked once a kind and not once an object, so 1,000 tenants cost little more than one.

    Raises:
        PlatformError: the engine, the sandbox, the cluster or a state cannot be read.
    """
    place = workspace(root, environment)
    states = {tenant: read_state(place, names.tenant_stack(tenant, place.environment.id)) for tenant in tenants}
    kube = Kube.from_kubeconfig(place.kubeconfig, place.environment.cluster.context)
    live = _live(kube, states)
    return [_status(place, tenant, state, live) for tenant, state in states.items()]


def _status(place: Workspace, tenant: str, state: StackState | None, live: Mapping[Key, Json]) -> TenantStatus:
    held = [resource for resource in state.resources if _is_object(resource)] if state else []
    namespace = live.get((*NAMESPACE, None, names.namespace(tenant)))
    return TenantStatus(
        tenant=tenant,
        environment=place.environment.id,
        stack=names.tenant_stack(tenant, place.environment.id),
        deployed=state is not None and state.deployed,
        updated=state.updated if state else None,
        resources=len(state.resources) if state else 0,
        missing=tuple(_title(resource) for resource in held if _key(resource.inputs) not in live),
        pending=len(state.pending) if state else 0,
        phase=namespace["status"]["phase"] if namespace else None,
        lifecycle=(namespace["metadata"].get("labels") or {}).get(names.LIFECYCLE_LABEL) if namespace else None,
        quota=quota_use(
            object_ for key, object_ in live.items() if key[:3] == (*RESOURCE_QUOTA, names.namespace(tenant))
        ),
    )


def quota_use(quotas: Iterable[Mapping[str, Any]]) -> tuple[QuotaUse, ...]:
    """Used and hard of the resources that a person asks for, over the ResourceQuotas of one namespace.

    Where several quotas limit a resource, the tightest one counts, as it does for the API server. One with a scope
    limits some pods only, so it says nothing of the tenant as a whole.
    """
    counted = [(quota.get("status") or {}) for quota in quotas if not _scoped(quota.get("spec") or {})]
    uses = [
        (word, (status.get("used") or {}).get(name, "0"), status["hard"][name])
        for word, name in SHOWN.items()
        for status in counted
        if name in (status.get("hard") or {})
    ]
    tightest: dict[str, QuotaUse] = {}
    for word, used, hard in uses:
        if word not in tightest or number(hard) < number(tightest[word].hard):
            tightest[word] = QuotaUse(word, used, hard, _share(used, hard))
    return tuple(tightest.values())


def _scoped(spec: Mapping[str, Any]) -> bool:
    return bool(spec.get("scopes") or spec.get("scopeSelector"))


def _share(used: str, hard: str) -> float:
    if number(hard):
        return float(number(used) / number(hard))
    return 1.0 if number(used) else 0.0


def _live(kube: Kube, states: Mapping[str, StackState | None]) -> dict[Key, Json]:
    """Every live object of ours, of each kind that any of the states has."""
    resources = [resource for state in states.values() if state for resource in state.resources if _is_object(resource)]
    kinds = {(resource.inputs["apiVersion"], resource.inputs["kind"]) for resource in resources}
    selector = f"{names.MANAGED_BY_LABEL}={names.MANAGED_BY}"
    if len(states) == 1:
        selector = f"{names.TENANT_LABEL}={next(iter(states))}"
    found: dict[Key, Json] = {}
    for api_version, kind in sorted(kinds | {NAMESPACE, RESOURCE_QUOTA}):
        for item in _listed(kube, api_version, kind, selector):
            found[_key(item)] = item
    return found


def _listed(kube: Kube, api_version: str, kind: str, selector: str) -> list[Json]:
    try:
        return kube.list(api_version, kind, labels=selector)
    except KubeError as error:
        # Its definition is gone, and with it every object.
        if error.reason == "NoKind":
            return []
        raise


def _is_object(resource: StateResource) -> bool:
    return resource.type.startswith("kubernetes:") and {"apiVersion", "kind", "metadata"} <= resource.inputs.keys()


def _key(item: Mapping[str, Any]) -> Key:
    metadata = item["metadata"]
    return item["apiVersion"], item["kind"], metadata.get("namespace"), metadata["name"]


def _title(resource: StateResource) -> str:
    return title(resource)
