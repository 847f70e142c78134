"""A double of the engine: a script named pulumi that says what a test wants, and a workspace around it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tenantry.catalog import load_environment
from tenantry.engine.backend import Backend
from tenantry.engine.workspace import Workspace

REPOSITORY = Path(__file__).parents[2]
PROJECT = "tenantry"

SCRIPT = """#!/bin/bash
# Arguments: one line a call. Answers: the file named by the verb and the stack, else success without a word.
stack=""; previous=""
for word in "$@"; do [ "$previous" = --stack ] && stack=$word; previous=$word; done
verb=$1; [ "$1" = stack ] && verb=stack-$2
echo "$*" >> "$HERE/calls"
[ -f "$HERE/$verb.$stack.sh" ] && . "$HERE/$verb.$stack.sh"
exit 0
"""


class Engine:
    """The folder of a double: what it answers, and what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.program = folder / "pulumi"
        self.program.write_text(SCRIPT.replace("$HERE", str(folder)))
        self.program.chmod(0o755)

    def answers(self, verb: str, stack: str, script: str) -> None:
        """Run these lines of shell when the verb comes for the stack."""
        (self.folder / f"{verb}.{stack}.sh").write_text(script)

    def says(self, verb: str, stack: str, events: Sequence[Mapping[str, Any]], *, status: int = 0) -> None:
        """Print these events and end."""
        file = self.folder / f"{verb}.{stack}.events"
        file.write_text("".join(f"{json.dumps(event)}\n" for event in events))
        self.answers(verb, stack, f"cat {file}; exit {status}")

    @property
    def calls(self) -> list[str]:
        """Every call's arguments, in order."""
        file = self.folder / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def called(self, verb: str) -> list[str]:
        """The calls of one verb."""
        return [call for call in self.calls if call.startswith(f"{verb} ")]


def workspace_around(engine: Engine, root: Path) -> Workspace:
    """A workspace of the sandbox environment whose engine is the double."""
    root.mkdir(parents=True, exist_ok=True)
    folder = root / "state"
    place = Backend(folder.as_uri(), ours=True, folder=folder)
    spec = load_environment(REPOSITORY, "sandbox")
    return Workspace(root, spec, PROJECT, engine.program, place, {}, None)


def urn(stack: str, type_token: str, name: str) -> str:
    return f"urn:pulumi:{stack}::{PROJECT}::{type_token}::{name}"


def resource(stack: str, kind: str, name: str, **inputs: Any) -> dict[str, Any]:
    """A Kubernetes object as a checkpoint has it."""
    metadata = {"name": name, "namespace": "vision", "labels": {"tenantry.dev/tenant": "vision"}}
    given = {"apiVersion": "v1", "kind": kind, "metadata": metadata} | inputs
    type_token = f"kubernetes:core/v1:{kind}"
    identity = f"vision/{name}"
    return {"urn": urn(stack, type_token, name), "type": type_token, "custom": True, "id": identity, "inputs": given}


def event(moment: str, operation: str, new: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An engine's event: `resourcePreEvent` or `resOutputsEvent` of a step."""
    step = {"op": operation, "urn": new["urn"], "type": new["type"], "old": old, "new": new}
    return {moment: {"metadata": step}}


def steps(operation: str, new: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Both events of a step that succeeds."""
    return [event("resourcePreEvent", operation, new, old), event("resOutputsEvent", operation, new, old)]


def write_state(
    workspace: Workspace,
    stack: str,
    resources: Sequence[Mapping[str, Any]],
    *,
    outputs: Mapping[str, Any] | None = None,
    pending: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """A checkpoint of a local backend."""
    assert workspace.backend.folder is not None
    root = {
        "urn": urn(stack, "pulumi:pulumi:Stack", stack),
        "type": "pulumi:pulumi:Stack",
        "outputs": dict(outputs or {"cluster_uid": "1"}),
    }
    latest = {
        "manifest": {"time": "2026-11-24T04:00:27.958186454Z"},
        "resources": [root, *resources],
        "pending_operations": list(pending),
    }
    file = workspace.backend.folder / ".pulumi/stacks" / PROJECT / f"{stack}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"version": 3, "checkpoint": {"stack": stack, "latest": latest}}))
    return file
