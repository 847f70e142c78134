"""In the engine's place: says what a test wants of each stack, and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tenantry.diff.model import FieldChange
from tenantry.engine import runs as engine_runs
from tenantry.engine import workspace as engine_workspace
from tenantry.engine.results import OPERATIONS, Change, OnProgress, Operation, Outcome, Progress, StackResult
from tenantry.engine.workspace import Workspace
from tests.unit.engine_double import Engine, resource, workspace_around, write_state

PLATFORM, FORECASTING, NLP, VISION = (f"{name}.sandbox" for name in ("platform", "forecasting", "nlp", "vision"))
QUOTA = "kubernetes:core/v1:ResourceQuota"


def result(stack: str, outcome: Outcome = "done", error: str = "", **counts: int) -> StackResult:
    """What is said of one stack, with a change for each resource that is not the same."""
    changes = [
        Change(
            urn=f"urn:pulumi:{stack}::tenantry::{QUOTA}::{operation}-{number}",
            type=QUOTA,
            title=f"ResourceQuota {stack.partition('.')[0]}/{operation}-{number}",
            operation=operation,
            fields=(FieldChange('spec.hard["pods"]', "changed", "10", "20"),) if operation == "update" else (),
        )
        for operation in OPERATIONS
        if operation != "same"
        for number in range(counts.get(operation, 0))
    ]
    every: dict[Operation, int] = {operation: counts.get(operation, 0) for operation in OPERATIONS}
    return StackResult(
        stack=stack, outcome=outcome, error=error, counts=every, changes=tuple(changes), seconds=1.5, basis="digest"
    )


@dataclass
class Runs:
    """`engine.runs`, its engine taken away."""

    workspace: Workspace
    plans: dict[str, StackResult] = field(default_factory=dict)
    """What a preview says of a stack; of others, that one resource is as it should be."""
    ends: dict[str, StackResult] = field(default_factory=dict)
    """How `up` ends for a stack; for others, as planned."""
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    """Those of the last call."""

    def preview(
        self, workspace: Workspace, stacks: Sequence[str], on_progress: OnProgress, **options: Any
    ) -> list[StackResult]:
        assert workspace is self.workspace
        return self._call(
            "preview", [self.plans.get(stack, result(stack, same=1)) for stack in stacks], on_progress, options
        )

    def up(
        self, workspace: Workspace, stacks: Sequence[str], on_progress: OnProgress, **options: Any
    ) -> list[StackResult]:
        assert workspace is self.workspace
        return self._call("up", [self.ends.get(stack, self.plans[stack]) for stack in stacks], on_progress, options)

    def _call(
        self, verb: str, results: list[StackResult], on_progress: OnProgress, options: dict[str, Any]
    ) -> list[StackResult]:
        self.asked.append((verb, tuple(one.stack for one in results)))
        self.options = options
        for one in results:
            on_progress(Progress(stack=one.stack, phase="ended", result=one))
        return results

    def deployed(self, stack: str) -> None:
        """Let the stack have been up before."""
        write_state(self.workspace, stack, [resource(stack, "Namespace", "tenantry-system")])


@pytest.fixture
def runs(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """The command line talks to this engine; nothing was up yet."""
    place = replace(workspace_around(Engine(tmp_path / "engine"), tmp_path / "place"), root=project)
    made = Runs(place)
    monkeypatch.setattr(engine_workspace, "workspace", lambda *_: place)
    monkeypatch.setattr(engine_runs, "preview", made.preview)
    monkeypatch.setattr(engine_runs, "up", made.up)
    return made
