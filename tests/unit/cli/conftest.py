"""A project of a test's own, and a way to call the command line in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tenantry.cli import main
from tests.unit.cli.calling import REPOSITORY, Call, Called


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colours and no width of a terminal, whatever runs the tests."""
    for name in ("FORCE_COLOR", "COLUMNS", "CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of this repository's data and program, and the current folder."""
    root = tmp_path / "project"
    root.mkdir()
    shutil.copy2(REPOSITORY / "Pulumi.yaml", root)
    for folder in ("tenants", "infra"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def models(project: Path) -> Path:
    """The demo's models, and the folder of those of vision."""
    for folder in (REPOSITORY / "tests/cases/valid/models-of-the-demo/tenants").glob("*/models"):
        shutil.copytree(folder, project / "tenants" / folder.parent.name / "models", dirs_exist_ok=True)
    return project / "tenants/vision/models"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command with its arguments; every one leaves through SystemExit."""

    def run(*arguments: str) -> Called:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main(arguments)
        said = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Called(left.value.code, said.out, said.err)

    return run


@pytest.fixture
def prod(project: Path) -> str:
    """A second environment beside the sandbox, of a cluster that is real."""
    text = (project / "infra/environments/sandbox.yaml").read_text()
    text = text.replace("id: sandbox", "id: prod").replace("kind: sandbox", "kind: existing")
    (project / "infra/environments/prod.yaml").write_text(text.replace("by_default: true", "by_default: false"))
    return "prod"
