"""Bringing a stack back after an engine was killed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tenantry import names
from tenantry.engine.state import PendingOperation, StackState, StateResource
from tenantry.errors import PlatformError
from tenantry.kube import Kube

if TYPE_CHECKING:
    from tenantry.engine.workspace import Workspace


def settle(workspace: Workspace, state: StackState) -> None:
    """Find out what became of the objects that a killed engine was creating, and tell the state.

    An object that is there and bears the label of this stack's tenant was made by that engine: it is imported. One
    that is not there is forgotten, and the next run makes it. Whatever else was under way (updates, deletions) the next
    run does again by itself: the engine compares with the state from before.

    Raises:
        PlatformError: something other than a Kubernetes object was being created, or the engine or the cluster fails.
    """
    creating = [operation for operation in state.pending if operation.doing == "creating"]
    if not creating:
        return
    _refuse_foreign(state.stack, creating)
    kube = Kube.from_kubeconfig(workspace.kubeconfig, workspace.environment.cluster.context)
    made = [operation.resource for operation in creating if _is_there(kube, operation.resource)]
    imports = [part for resource in made for part in _import(resource)]
    done = workspace.pulumi(
        "refresh", "--yes", "--skip-preview", "--stack", state.stack, "--clear-pending-creates", *imports
    )
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise PlatformError(f"{state.stack}: what a killed run left cannot be cleared up: {said}")


def _refuse_foreign(stack: str, creating: list[PendingOperation]) -> None:
    begun = [operation.resource for operation in creating]
    if foreign := [resource.urn for resource in begun if not resource.type.startswith("kubernetes:")]:
        raise PlatformError(
            f"{stack}: an earlier run was killed while creating {', '.join(foreign)}. Nobody knows whether it is "
            "there, and another try might make a second one. Look, then say what you found: "
            f"pulumi refresh -s {stack}."
        )


def _is_there(kube: Kube, resource: StateResource) -> bool:
    wanted = resource.inputs
    metadata: Mapping[str, Any] = wanted["metadata"]
    found = kube.get(wanted["apiVersion"], wanted["kind"], metadata["name"], metadata.get("namespace"))
    owner = _owner(metadata)
    return found is not None and owner is not None and _owner(found["metadata"]) == owner


def _owner(metadata: Mapping[str, Any]) -> str | None:
    return (metadata.get("labels") or {}).get(names.TENANT_LABEL)


def _import(resource: StateResource) -> tuple[str, ...]:
    metadata = resource.inputs["metadata"]
    # The Kubernetes provider's ids.
    identity = f"{metadata['namespace']}/{metadata['name']}" if metadata.get("namespace") else metadata["name"]
    return "--import-pending-creates", resource.urn, "--import-pending-creates", identity
