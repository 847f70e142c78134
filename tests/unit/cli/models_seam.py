"""A repository with one team and one model, whose past lies in git."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.projects import TENANT, add, project
from tests.unit.test_git import command

FILE = "tenants/vision/models/grader.yaml"
DIGEST = f"sha256:{'a' * 64}"


def version(name: str, auc: str, more: str = "") -> str:
    """The lines of a version below its key."""
    return (
        f'  version: "{name}"  # of May\n'
        f"  uri: s3://artifacts/models/grader/{name}\n"
        f"  evidence: {{auc: {auc}, dataset: {DIGEST}, report: s3://artifacts/reports/{name}}}\n{more}"
    )


def text(stable: str, candidate: str = "") -> str:
    """A whole file."""
    next_ = f"candidate:\n{candidate}" if candidate else ""
    return (
        "# yaml-language-server: $schema=../../model.schema.json\n"
        "id: grader   # for good\n"
        "runtime: mlflow\n"
        "resources: {cpu: 0.5, memory: 1Gi}\n"
        f"stable:\n{stable}{next_}"
        "\n# What must be shown.\n"
        "gate:\n"
        "  auc:   {min: 0.9, max_regression: 0.01}\n"
        "objectives: {latency_p95_ms: 200, availability: 0.995}\n"
    )


CANARY = "  rollout: {strategy: canary, traffic: 10, steps: [10, 50]}\n"
ELEVEN, TWELVE = text(version("11", "0.905")), text(version("12", "0.91"))
WAITING = text(version("12", "0.91"), version("13", "0.92", CANARY))
FAILING = text(version("12", "0.91"), version("13", "0.89", CANARY))


@dataclass(frozen=True)
class Models:
    """The repository, and what a test does to it."""

    root: Path

    @property
    def file(self) -> Path:
        """The model's file."""
        return self.root / FILE

    @property
    def text(self) -> str:
        """What it holds."""
        return self.file.read_bytes().decode()

    def write(self, content: str) -> None:
        """Change the file, and commit nothing."""
        self.file.parent.mkdir(exist_ok=True)
        self.file.write_bytes(content.encode())

    def commit(self, content: str | None = None) -> str:
        """Commit all that is there, the file's new content first; the commit's hash."""
        if content is not None:
            self.write(content)
        command(self.root, "add", "-A")
        command(self.root, "commit", "-qm", "A step", "--allow-empty")
        return command(self.root, "rev-parse", "HEAD")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every test gets a copy of: making it takes eight runs of git."""
    root = project(tmp_path_factory.mktemp("models") / "project")
    (root / "infra/environments/prod.yaml").unlink()
    (root / "Pulumi.yaml").write_text("name: tenantry\n")
    (root / ".gitignore").write_text(".tenantry/\n")
    add(root, f"{TENANT}environments: [lab]\ntier: standard\nserving: {{max_replicas: 4}}\n")
    command(root, "init", "-q", "-b", "main")
    found = Models(root)
    for content in (ELEVEN, TWELVE, WAITING):
        found.commit(content)
    return root


@pytest.fixture
def models(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Models:
    """Version 11 was stable, 12 is, and 13 is a candidate whose gate passes."""
    root = tmp_path / "project"
    shutil.copytree(template, root)
    monkeypatch.chdir(root)
    return Models(root)
