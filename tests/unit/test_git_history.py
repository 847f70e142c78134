"""How one file changed, as git tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry import git
from tenantry.errors import PlatformError
from tests.unit.test_git import command, commit

FILE = "tenants/a/t"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    command(folder, "init", "-q", "-b", "main")
    return folder


def contents(folder: Path, path: str = FILE) -> list[bytes | None]:
    return [version.content for version in git.versions_of(folder, path)]


def test_every_change_newest_first(repository: Path) -> None:
    first = commit(repository, tenants__a__t="1\n", other="o\n")
    commit(repository, other="p\n")
    last = commit(repository, tenants__a__t="2\n")
    found = git.versions_of(repository, FILE)
    assert [(one.commit, one.path, one.content) for one in found] == [(last, FILE, b"2\n"), (first, FILE, b"1\n")]
    assert {one.author for one in found} == {"Test"}
    assert found[0].date == command(repository, "log", "-1", "--format=%aI")


def test_what_is_not_committed_plays_no_part(repository: Path) -> None:
    assert contents(repository) == []
    commit(repository, tenants__a__t="1\n")
    (repository / FILE).write_text("2\n")
    (repository / "tenants/a/new").write_text("n\n")
    assert contents(repository) == [b"1\n"]
    assert contents(repository, "tenants/a/new") == []


def test_a_renamed_file_keeps_its_past(repository: Path) -> None:
    text = "".join(f"{number}\n" for number in range(20))
    commit(repository, tenants__a__t=text)
    command(repository, "mv", FILE, "tenants/a/u")
    commit(repository)
    commit(repository, tenants__a__u=f"{text}more\n")
    found = git.versions_of(repository, "tenants/a/u")
    assert [one.path for one in found] == ["tenants/a/u", "tenants/a/u", FILE]
    assert found[2].content == text.encode()


def test_a_deleted_file_and_a_link_have_no_content(repository: Path) -> None:
    commit(repository, tenants__a__t="1\n")
    (repository / FILE).unlink()
    commit(repository)
    (repository / FILE).symlink_to("elsewhere")
    commit(repository)
    assert contents(repository) == [None, None, b"1\n"]


def test_a_merge_counts_as_one_change(repository: Path) -> None:
    commit(repository, tenants__a__t="1\n")
    command(repository, "checkout", "-qb", "side")
    commit(repository, tenants__a__t="2\n")
    commit(repository, tenants__a__t="3\n")
    command(repository, "checkout", "-q", "main")
    commit(repository, other="o\n")
    command(repository, "merge", "-q", "--no-edit", "side")
    merge = git.commit_of(repository, "HEAD")
    found = git.versions_of(repository, FILE)
    assert [(one.content, one.commit == merge) for one in found] == [(b"3\n", True), (b"1\n", False)]


def test_a_project_below_the_top_of_its_repository(repository: Path) -> None:
    commit(repository, project__tenants__a__t="1\n")
    [found] = git.versions_of(repository / "project", FILE)
    assert (found.path, found.content) == ("project/tenants/a/t", b"1\n")


def test_a_name_that_git_would_take_for_a_pattern(repository: Path) -> None:
    commit(repository, **{"tenants__a__*": "star\n", "tenants__a__t": "1\n"})
    assert contents(repository, "tenants/a/*") == [b"star\n"]


def test_an_author_of_any_name(repository: Path) -> None:
    commit(repository, tenants__a__t="1\n")
    command(repository, "commit", "-q", "--amend", "--no-edit", "--author", ":100644 \x01é <e@example.com>")
    [found] = git.versions_of(repository, FILE)
    assert "é" in found.author
    assert found.content == b"1\n"


def test_a_shallow_clone_says_so(repository: Path, tmp_path: Path) -> None:
    commit(repository, tenants__a__t="1\n")
    commit(repository, tenants__a__t="2\n")
    assert not git.is_shallow(repository)
    clone = tmp_path / "clone"
    command(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", str(clone))
    assert git.is_shallow(clone)
    assert contents(clone) == [b"2\n"]


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(PlatformError, match="not a git repository"):
        git.versions_of(tmp_path, FILE)
