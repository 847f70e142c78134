"""Somebody other than the author lets a version serve, where the tier asks for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tenantry.models.approval import approvals, git_author
from tenantry.models.effective import EffectiveModel
from tenantry.yaml_source import parse
from tests.unit.models.examples import OVERRIDE, Edit, model, put
from tests.unit.policies.scene import Scene
from tests.unit.policies.served import approval, served

FILE = "tenants/vision/models/defect-detector.yaml"
LEAD = "lead@example.com"
SIGNED = (put(LEAD, "stable", "approved_by"), put(LEAD, "candidate", "approved_by"))


def said(author: str | None, *edits: Edit) -> list[str]:
    return [f"{'.'.join(one.keys)}: {one.what}" for one in approvals(model(*edits), lambda _: author)]


def test_another_one_approves() -> None:
    assert said("trainer@example.com", *SIGNED) == []


def test_nobody_approves() -> None:
    assert said("trainer@example.com") == [
        "stable.approved_by: version 12 is approved by nobody",
        "candidate.approved_by: version 13 is approved by nobody",
    ]


@pytest.mark.parametrize("author", [LEAD, "Lead@Example.com"])
def test_the_author_approves(author: str) -> None:
    assert said(author, *SIGNED) == [
        f"stable.approved_by: version 12 is approved by {author}, who wrote it",
        f"candidate.approved_by: version 13 is approved by {author}, who wrote it",
    ]


def test_the_author_overrides() -> None:
    override = put({**OVERRIDE, "approved_by": "trainer@example.com"}, "candidate", "override")
    assert said("trainer@example.com", *SIGNED, override) == [
        "candidate.override.approved_by: version 13 is approved by trainer@example.com, who wrote it"
    ]


def test_an_author_that_nobody_knows_is_not_somebody_else() -> None:
    assert [line.partition(": ")[0] for line in said(None, *SIGNED)] == ["stable.approved_by", "candidate.approved_by"]


class Repository:
    """A repository whose commits have authors."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / FILE).parent.mkdir(parents=True)
        self.git("init", "--quiet")
        self.git("config", "user.name", "Here")
        self.git("config", "user.email", "here@example.com")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", "-C", self.root, *arguments], check=True, capture_output=True)

    def write(self, text: str) -> None:
        (self.root / FILE).write_text(text)

    def commit(self, text: str, author: str) -> None:
        self.write(text)
        self.git("add", FILE)
        self.git("commit", "--quiet", "-m", "x", "--author", f"Somebody <{author}>")

    def authors(self, root: Path | None = None) -> tuple[str | None, str | None]:
        spec = model()
        author = git_author(EffectiveModel(spec, parse("id: x\n", FILE), root or self.root))
        assert spec.candidate
        return author(spec.stable), author(spec.candidate)


URI = "s3://artifacts/models/defect-detector"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def test_the_author_brought_the_version_into_the_file(repository: Repository) -> None:
    repository.commit(f"stable: {URI}/12\n", "ann@example.com")
    repository.commit(f"stable: {URI}/12\ncandidate: {URI}/13\n", "bob@example.com")
    assert repository.authors() == ("ann@example.com", "bob@example.com")


def test_who_promotes_is_not_the_author(repository: Repository) -> None:
    repository.commit(f"stable: {URI}/12\n", "ann@example.com")
    repository.commit(f"stable: {URI}/12\ncandidate: {URI}/13\n", "bob@example.com")
    repository.commit(f"stable: {URI}/13\n", "cat@example.com")
    assert repository.authors()[1] == "bob@example.com"


def test_who_brings_it_again_is_not_the_author(repository: Repository) -> None:
    repository.commit(f"stable: {URI}/12\ncandidate: {URI}/13\n", "ann@example.com")
    repository.commit(f"stable: {URI}/12\n", "bob@example.com")
    repository.commit(f"stable: {URI}/13\n", "cat@example.com")
    assert repository.authors()[1] == "ann@example.com"


def test_a_longer_version_is_another_one(repository: Repository) -> None:
    repository.commit(f"stable: {URI}/125\n", "ann@example.com")
    repository.commit(f"stable: {URI}/12\n", "bob@example.com")
    assert repository.authors()[0] == "bob@example.com"


def test_who_works_here_wrote_what_is_not_committed(repository: Repository) -> None:
    assert repository.authors() == ("here@example.com", "here@example.com")
    repository.commit(f"stable: {URI}/12\n", "ann@example.com")
    repository.write(f"stable: {URI}/12\ncandidate: {URI}/13\n")
    assert repository.authors() == ("ann@example.com", "here@example.com")


def test_a_clone_without_its_history_knows_nobody(repository: Repository, tmp_path: Path) -> None:
    repository.commit(f"stable: {URI}/12\n", "ann@example.com")
    repository.commit(f"stable: {URI}/12\ncandidate: {URI}/13\n", "bob@example.com")
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.root}", str(tmp_path / "shallow"))
    assert repository.authors(tmp_path / "shallow") == (None, None)


def test_a_folder_without_git_knows_nobody(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    assert repository.authors(tmp_path / "bare") == (None, None)


def test_the_rule_asks_git(repository: Repository) -> None:
    repository.commit(f"stable: {URI}/12\ncandidate: {URI}/13\n", "ann@example.com")
    scene = Scene()
    served(*SIGNED, root=repository.root)(scene)
    approval(scene)
    assert scene.broken() == []
    served(SIGNED[0], put("ann@example.com", "candidate", "approved_by"), root=repository.root)(scene)
    assert scene.broken() == ["TEN-MOD-002"]
