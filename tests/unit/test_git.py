from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tenantry import git
from tenantry.errors import InputError, PlatformError


def command(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, **files: str) -> str:
    for name, content in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    command(folder, "add", "-A")
    command(folder, "commit", "-qm", "A step", "--allow-empty")
    return command(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    command(folder, "init", "-q", "-b", "main")
    commit(folder, tenants__a__t="a1\n", tenants__b__t="b1\n", other="o\n")
    return folder


def changed(folder: Path, within: tuple[str, ...] = ("tenants",), ignored_too: tuple[str, ...] = ()) -> set[str]:
    return set(git.changed_paths(folder, git.commit_of(folder, "HEAD"), within, ignored_too))


def test_names_of_a_commit(repository: Path) -> None:
    head = command(repository, "rev-parse", "HEAD")
    assert [git.commit_of(repository, name) for name in ("HEAD", "main", head, head[:8])] == [head] * 4


@pytest.mark.parametrize("revision", ["nowhere", "--all", "HEAD:other", "", "HEAD~9", "-h"])
def test_what_names_no_commit(repository: Path, revision: str) -> None:
    with pytest.raises(PlatformError, match="no revision"):
        git.commit_of(repository, revision)


def test_a_folder_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(PlatformError, match="not a git repository"):
        git.commit_of(tmp_path, "HEAD")


def test_a_machine_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(PlatformError, match="git is not installed"):
        git.commit_of(repository, "HEAD")


def test_a_clean_tree_has_no_changed_paths(repository: Path) -> None:
    (repository / "other").write_text("changed, and not looked at\n")
    assert changed(repository) == set()


def test_edited_new_deleted_and_moved_files(repository: Path) -> None:
    (repository / "tenants/a/t").write_text("a2\n")
    (repository / "tenants/b/t").rename(repository / "tenants/b/u")
    (repository / "tenants/c").mkdir()
    (repository / "tenants/c/t").write_text("c\n")
    assert changed(repository) == {"tenants/a/t", "tenants/b/t", "tenants/b/u", "tenants/c/t"}


def test_what_is_staged_or_committed_since_counts_too(repository: Path) -> None:
    base = git.commit_of(repository, "HEAD")
    commit(repository, tenants__a__t="a2\n")
    command(repository, "mv", "tenants/b/t", "tenants/b/u")
    assert git.changed_paths(repository, base, ["tenants"]) == {"tenants/a/t", "tenants/b/t", "tenants/b/u"}


def test_ignored_files_count_only_where_asked_for(repository: Path) -> None:
    commit(repository, **{".gitignore": "x\n"})
    for folder in ("tenants/a", "src"):
        (repository / folder).mkdir(exist_ok=True)
        (repository / folder / "x").write_text("")
    assert changed(repository, ("src",), ("tenants",)) == {"tenants/a/x"}


def test_a_project_below_the_top_of_its_repository(repository: Path) -> None:
    commit(repository, project__tenants__a__t="a1\n")
    (repository / "project/tenants/a/t").write_text("a2\n")
    (repository / "tenants/a/t").write_text("not of this project\n")
    assert changed(repository / "project") == {"tenants/a/t"}


def test_a_touched_file_is_not_a_changed_one(repository: Path) -> None:
    os.utime(repository / "tenants/a/t", (1, 1))
    assert changed(repository) == set()


def test_a_locked_index_is_no_hindrance(repository: Path) -> None:
    (repository / ".git/index.lock").touch()
    (repository / "tenants/a/t").write_text("a2\n")
    os.utime(repository / "tenants/b/t", (1, 1))
    assert changed(repository) == {"tenants/a/t"}


def test_materialise_writes_the_files_as_committed(repository: Path, tmp_path: Path) -> None:
    base = commit(repository, tenants__a__odd="\r\n\0é\n", tenants__a__empty="", **{"tenants__a__na me\n": "x"})
    (repository / "tenants/a/t").write_text("a2\n")
    into = tmp_path / "into"
    into.mkdir()
    git.materialise(repository, "HEAD", base, ["tenants/a", "tenants/none"], into)
    written = {path.relative_to(into).as_posix(): path.read_bytes() for path in into.rglob("*") if path.is_file()}
    assert written == {
        "tenants/a/t": b"a1\n",
        "tenants/a/odd": "\r\n\0é\n".encode(),
        "tenants/a/empty": b"",
        "tenants/a/na me\n": b"x",
    }


def test_materialise_of_a_project_below_the_top(repository: Path, tmp_path: Path) -> None:
    base = commit(repository, project__tenants__z__t="z\n")
    git.materialise(repository / "project", "HEAD", base, ["tenants"], tmp_path)
    assert (tmp_path / "tenants/z/t").read_text() == "z\n"


def test_a_link_is_refused(repository: Path, tmp_path: Path) -> None:
    (repository / "tenants/a/link").symlink_to("/etc/passwd")
    base = commit(repository)
    with pytest.raises(InputError) as caught:
        git.materialise(repository, "main", base, ["tenants"], tmp_path)
    assert [problem.path for problem in caught.value.problems] == ["main:tenants/a/link"]
    assert not (tmp_path / "tenants").exists()


def test_a_submodule_is_refused(repository: Path, tmp_path: Path) -> None:
    head = git.commit_of(repository, "HEAD")
    command(repository, "update-index", "--add", "--cacheinfo", f"160000,{head},tenants/a/sub")
    command(repository, "commit", "-qm", "A submodule")
    with pytest.raises(InputError, match="main:tenants/a/sub:1:1: is a link or a submodule"):
        git.materialise(repository, "main", git.commit_of(repository, "HEAD"), ["tenants"], tmp_path)


def test_a_tree_that_leads_out_of_its_folder_is_refused(repository: Path, tmp_path: Path) -> None:
    def tree(*entries: tuple[str, str, str]) -> str:
        # By hand: git's own commands refuse to make such a tree.
        content = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries)
        made = ["git", "-C", str(repository), "hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
        return subprocess.run(made, input=content, check=True, capture_output=True).stdout.decode().strip()

    blob = command(repository, "rev-parse", "HEAD:tenants/a/t")
    top = tree(("40000", "tenants", tree(("40000", "..", tree(("40000", "..", tree(("100644", "out", blob))))))))
    evil = command(repository, "commit-tree", top, "-m", "Evil")
    into = tmp_path / "one/two"
    into.mkdir(parents=True)
    with pytest.raises(PlatformError, match="leads out of its folder"):
        git.materialise(repository, evil, evil, ["tenants"], into)
    assert not (tmp_path / "one/out").exists()


def test_a_missing_object_says_how_to_get_it(repository: Path, tmp_path: Path) -> None:
    oid = command(repository, "rev-parse", "HEAD:tenants/a/t")
    (repository / ".git/objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(PlatformError, match=f"lacks the object {oid}"):
        git.materialise(repository, "HEAD", git.commit_of(repository, "HEAD"), ["tenants"], tmp_path)
