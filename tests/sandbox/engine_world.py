"""A repository of its own on the shared sandbox: the demo's tenants, less what they install, up by the real engine."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tenantry import names
from tenantry.engine import runs
from tenantry.engine.results import StackResult
from tenantry.engine.state import StackState, checkpoint_file, read_state
from tenantry.engine.workspace import SANDBOX, workspace
from tenantry.kube import Kube
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.toolchain import ensure

REPOSITORY = Path(__file__).parents[2]
PLATFORM, VISION, FORECASTING, NLP = (f"{name}.sandbox" for name in (names.PLATFORM, "vision", "forecasting", "nlp"))
STACKS = (PLATFORM, VISION, FORECASTING, NLP)
INSTALLS = ("pipelines", "registry", "serving")
"""Keys of a tenant's file that can be false, and bring dozens of objects where they are not."""
COUNTED = ("ResourceQuota", "Namespace")
"""Kinds that controllers of the cluster write to by themselves."""


class World:
    """The repository, its workspace and its cluster."""

    def __init__(self, root: Path, kube: Kube) -> None:
        self.root = root
        self.kube = kube
        self.workspace = workspace(root, "sandbox")
        self.first: list[StackResult] = []
        """What the first `up` of everything said."""
        self.plan: list[StackResult] = []
        """What the preview before it said."""

    def edit(self, tenant: str, old: str, new: str) -> None:
        """Change a tenant's file."""
        file = self.root / names.tenant_file(tenant)
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    def restore(self, tenant: str) -> None:
        """Make a tenant's file the repository's again, less what it installs."""
        text = (REPOSITORY / names.tenant_file(tenant)).read_text()
        (self.root / names.tenant_file(tenant)).write_text(lean(text))

    def state(self, stack: str) -> StackState:
        """The stack's state, which must be there."""
        state = read_state(self.workspace, stack)
        assert state is not None
        return state

    def checkpoint(self, stack: str) -> Path:
        """The file that the state lies in."""
        file = checkpoint_file(self.workspace, stack)
        assert file is not None
        return file

    def live(self, *stacks: str) -> dict[str, dict[str, Any] | None]:
        """Every object of the stacks as the API server has it now, by URN; less what controllers count up in it."""
        resources = [resource for stack in stacks for resource in self.state(stack).resources]
        objects = [resource for resource in resources if "metadata" in resource.inputs]
        return {resource.urn: self.get(resource.inputs) for resource in objects}

    def get(self, wanted: Any) -> dict[str, Any] | None:
        """One live object."""
        metadata = wanted["metadata"]
        found = self.kube.get(wanted["apiVersion"], wanted["kind"], metadata["name"], metadata.get("namespace"))
        if found and found["kind"] in COUNTED:
            del found["status"], found["metadata"]["resourceVersion"], found["metadata"]["managedFields"]
        return found

    def engine_pid(self, stack: str) -> int:
        """The engine that runs on the stack, by its lock. 0 while there is none."""
        assert self.workspace.backend.folder is not None
        locks = self.workspace.backend.folder / ".pulumi/locks/organization" / self.workspace.project / stack
        found = list(locks.glob("*.json"))
        return json.loads(found[0].read_text())["pid"] if found else 0


def lean(text: str) -> str:
    """A tenant's file without installs: every object of theirs would cost each run time, and proves no more here."""
    yaml, written = YAML(), io.StringIO()
    document = yaml.load(text)
    document.update(dict.fromkeys(INSTALLS, False))
    yaml.dump(document, written)
    return written.getvalue()


def variables(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Nobody is logged in, and nobody has set up the engine."""
    for name in [name for name in os.environ if name.startswith("PULUMI_") and name != "PULUMI_HOME"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PULUMI_CREDENTIALS_PATH", str(folder))


@pytest.fixture(scope="session")
def world(sandbox: Sandbox, kube: Kube, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everything up. Tests share it: leave tenants' files as they were, and the cluster as the files say."""
    ensure(("pulumi",))
    root = tmp_path_factory.mktemp("engine") / "repository"
    for part in ("infra", "tenants"):
        # Models need serving.
        shutil.copytree(REPOSITORY / part, root / part, ignore=shutil.ignore_patterns("models"))
    for stack in STACKS[1:]:
        file = root / names.tenant_file(names.split_stack(stack)[0])
        file.write_text(lean(file.read_text()))
    shutil.copy(REPOSITORY / "Pulumi.yaml", root)
    (root / ".venv").symlink_to(REPOSITORY / ".venv")
    (root / SANDBOX).parent.mkdir()
    (root / SANDBOX).symlink_to(sandbox.folder)
    with pytest.MonkeyPatch.context() as monkeypatch:
        variables(monkeypatch, tmp_path_factory.mktemp("logins"))
        made = World(root, kube)
        made.plan = runs.preview(made.workspace, STACKS)
        made.first = runs.up(made.workspace, STACKS, plan=made.plan)
        yield made
