"""Bringing a stack back after an engine was killed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tenantry import names
from tenantry.engine.state import StackState, StateResource
from tenantry.errors import PlatformError
from tenantry.kube import Kube

if TYPE_CHECKING:
    from tenantry.engine.workspace import Workspace

Json = dict[str, Any]


def settle(workspace: Workspace, state: StackState) -> None:
    """Find out what became of the objects that a killed engine was creating, and tell the state.

    An object that is there and bears the label of this stack's tenant was made by that engine: it is taken into the
    state and read. One that is not there is forgotten, and the next run makes it; so is what only the state has, as
    components. Whatever else was under way (updates, deletions) the next run does again by itself: the engine compares
    with the state from before.

    Raises:
        PlatformError: something other than a Kubernetes object was being created, or the engine or the cluster fails.
    """
    begun = [operation.resource for operation in state.pending if operation.doing == "creating"]
    if not begun:
        return
    outside = [resource for resource in begun if not _only_in_state(resource)]
    _refuse_foreign(state.stack, outside)
    kube = Kube.from_kubeconfig(workspace.kubeconfig, workspace.environment.cluster.context)
    made = {resource.urn: _identity(resource) for resource in outside if _is_there(kube, resource)}
    exported = _pulumi(workspace, state.stack, "stack", "export")
    # Secrets stay encrypted on the way. `refresh --import-pending-creates` is for this, but 3.259 only forgets them.
    _pulumi(workspace, state.stack, "stack", "import", stdin=json.dumps(taken_in(json.loads(exported), made)))
    if made:
        _pulumi(workspace, state.stack, "refresh", "--yes", "--skip-preview")


def taken_in(document: Json, made: Mapping[str, str]) -> Json:
    """An exported state with nothing pending, and with what was made among its resources.

    Args:
        document: What `pulumi stack export` prints.
        made: Ids of what is there, by URN.
    """
    deployment = document["deployment"]
    resources = deployment.get("resources") or []
    known = {entry["urn"] for entry in resources}
    # Whatever they depend on was there before them, so they may stand last.
    begun = [operation["resource"] for operation in deployment.get("pending_operations") or ()]
    new = [entry | {"id": made[entry["urn"]]} for entry in begun if entry["urn"] in made.keys() - known]
    return document | {"deployment": deployment | {"resources": [*resources, *new], "pending_operations": []}}


def _pulumi(workspace: Workspace, stack: str, *arguments: str, stdin: str = "") -> str:
    done = workspace.pulumi(*arguments, "--stack", stack, stdin=stdin)
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise PlatformError(f"{stack}: what a killed run left cannot be cleared up: {said}")
    return done.stdout


def _only_in_state(resource: StateResource) -> bool:
    """Whether the engine alone makes it, as it does components, providers and the stack: half made, nothing is left."""
    return resource.component or resource.type.startswith("pulumi:")


def _refuse_foreign(stack: str, begun: list[StateResource]) -> None:
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


def _identity(resource: StateResource) -> str:
    """The Kubernetes provider's id of an object."""
    metadata = resource.inputs["metadata"]
    return f"{metadata['namespace']}/{metadata['name']}" if metadata.get("namespace") else str(metadata["name"])
