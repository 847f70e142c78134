"""What a stack holds, read from its state. No program runs, no cluster is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenantry.engine.events import STACK_TYPE, declared, plain
from tenantry.errors import PlatformError

if TYPE_CHECKING:
    from tenantry.engine.workspace import Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class StateResource:
    """One resource as the last run left it."""

    urn: str
    type: str
    name: str
    """Logical name."""
    id: str
    """The provider's name for it. Empty for a component."""
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    component: bool
    """It groups others, and is nowhere but in the state."""


@dataclass(frozen=True)
class PendingOperation:
    """One thing that a run had begun when it was killed."""

    doing: str
    """`creating`, `updating`, `deleting`, `reading` or `importing`."""
    resource: StateResource


@dataclass(frozen=True)
class StackState:
    """One stack as the last run left it."""

    stack: str
    updated: datetime | None
    """When state was last written. None for a stack that was only created."""
    resources: tuple[StateResource, ...]
    """What the program declared, components and providers included; not what it only read."""
    outputs: Mapping[str, Any]
    """What the stack exports. Secrets are `[secret]`."""
    pending: tuple[PendingOperation, ...] = ()
    """What a killed run was doing, so that nobody knows whether it happened."""

    @property
    def deployed(self) -> bool:
        """Whether a run ever made anything."""
        return bool(self.resources)


def read_state(workspace: Workspace, stack: str) -> StackState | None:
    """What a stack holds; None where the backend has no such stack.

    A file of a local backend is read as it is, in milliseconds; every other backend is asked through the engine.

    Raises:
        PlatformError: there is a state, and it cannot be read. It is never taken for "no stack".
    """
    file = checkpoint_file(workspace, stack)
    if file is None:
        return _exported(workspace, stack)
    checkpoint = read_checkpoint(file, stack)
    return None if checkpoint is None else _state(stack, checkpoint)


def checkpoint_file(workspace: Workspace, stack: str) -> Path | None:
    """Where a local backend keeps a stack. None for other backends, and for one that compresses."""
    folder = workspace.backend.folder
    if folder is None:
        return None
    file = folder / ".pulumi/stacks" / workspace.project / f"{stack}.json"
    compressed = any(file.with_name(f"{file.name}.{ending}").exists() for ending in ("gz", "zst"))
    return None if compressed else file


def read_checkpoint(file: Path, stack: str) -> Json | None:
    """The deployment in a checkpoint; None where there never was one.

    Raises:
        PlatformError: the file is damaged, or gone while its history is still there.
    """
    history = file.parents[2] / "history" / file.parent.name / stack
    try:
        # A stack that was only created has no `latest`.
        return _checkpoint(file).get("latest") or {}
    except FileNotFoundError:
        if history.exists() and any(history.iterdir()):
            raise PlatformError(_damaged(file, stack, "is gone, and its history is still there")) from None
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise PlatformError(_damaged(file, stack, f"is damaged ({file.stat().st_size} bytes)")) from error


def _checkpoint(file: Path) -> Json:
    checkpoint = json.loads(file.read_bytes())["checkpoint"]
    if not isinstance(checkpoint, dict):
        raise TypeError(checkpoint)
    return checkpoint


def _damaged(file: Path, stack: str, what: str) -> str:
    good = next((copy for copy in _copies(file, stack) if _whole(copy)), None)
    restore = f"cp {good} {file}" if good else "restore it from a backup of that folder"
    return (
        f"{stack}: its state {file} {what}. Nothing was changed: a stack without its state "
        f"would take everything for new. Restore the newest good copy, then look at what a run would change: {restore} "
        "&& tenantry preview."
    )


def _copies(file: Path, stack: str) -> list[Path]:
    """Copies that the engine itself keeps, newest first."""
    pulumi, project = file.parents[2], file.parent.name
    kept = [*(pulumi / "history" / project / stack).glob("*.checkpoint.json"), file.with_name(f"{file.name}.bak")]
    return sorted((copy for copy in kept if copy.exists()), key=lambda copy: copy.stat().st_mtime_ns, reverse=True)


def _whole(copy: Path) -> bool:
    try:
        return bool(_checkpoint(copy))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _exported(workspace: Workspace, stack: str) -> StackState | None:
    done = workspace.pulumi("stack", "export", "--stack", stack)
    if done.returncode == 0:
        return _state(stack, json.loads(done.stdout).get("deployment") or {})
    if re.search(r"no stack named .* found", done.stderr):
        return None
    raise PlatformError(f"{stack}: its state cannot be read: {done.stderr.strip()}")


def _state(stack: str, deployment: Json) -> StackState:
    entries = deployment.get("resources") or ()
    owned = (entry for entry in entries if declared(entry["urn"], entry["type"]) and not entry.get("external"))
    exported = [_resource(entry).outputs for entry in entries if entry["type"] == STACK_TYPE]
    pending = deployment.get("pending_operations") or ()
    return StackState(
        stack=stack,
        updated=_time((deployment.get("manifest") or {}).get("time", "")) if entries else None,
        resources=tuple(_resource(entry) for entry in owned),
        outputs=exported[0] if exported else {},
        pending=tuple(PendingOperation(begun["type"], _resource(begun["resource"])) for begun in pending),
    )


def _resource(entry: Json) -> StateResource:
    inputs, outputs = plain(entry.get("inputs") or {}), plain(entry.get("outputs") or {})
    name = entry["urn"].rpartition("::")[2]
    component = not entry.get("custom")
    return StateResource(entry["urn"], entry["type"], name, entry.get("id", ""), inputs, outputs, component)


def _time(text: str) -> datetime | None:
    # Go writes nanoseconds and `Z`; Python 3.11 reads at most microseconds.
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        return None
