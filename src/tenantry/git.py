"""Reading one revision of a git repository. Nothing is checked out, staged or configured."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tenantry.errors import InputError, PlatformError, Problem

REGULAR_MODES = ("100644", "100755")
"""Modes of git that are plain files. Links (120000) and submodules (160000) are the other two."""


@dataclass(frozen=True)
class FileVersion:
    """A file as one commit made it."""

    commit: str
    """Full hash."""
    date: str
    """When its author wrote it, as ISO 8601."""
    author: str
    path: str
    """Where the file was then, relative to the top of the repository."""
    content: bytes | None
    """None where the commit took the file away, or made something else than a plain file of it."""


def commit_of(root: Path, revision: str) -> str:
    """The full hash of the commit that a revision names.

    Raises:
        PlatformError: no git, no repository, or no such revision in this clone.
    """
    _git(root, "rev-parse", "--git-dir")
    # --end-of-options: a revision that starts with a dash stays a revision.
    found = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        known = f'no revision "{revision}" here. Fetch it (git fetch origin {revision}), or name another'
        raise PlatformError(f"{known}: a branch, a tag, a commit or HEAD~1.")
    return found.stdout.decode().strip()


def changed_paths(root: Path, commit: str, within: Sequence[str], ignored_too: Sequence[str] = ()) -> frozenset[str]:
    """Files that differ between a commit and the work tree, relative to the root: changed, new and deleted ones.

    Only the named folders and files are looked at, so the price follows them and not the repository.

    Args:
        root: the project's folder; it need not be the top of the repository.
        commit: full hash, from `commit_of`.
        within: folders and files whose tracked and untracked files count, less what .gitignore leaves out.
        ignored_too: folders whose ignored files count as well, because Tenantry reads them.
    """
    # --relative: paths from the root. --no-renames: a renamed file is one deleted and one new. The last two keep
    # drivers that a configuration names from running.
    options = ("--relative", "--no-renames", "--name-only", "-z", "--no-ext-diff", "--no-textconv")
    out = _git(root, "diff", *options, commit, "--", *within, *ignored_too)
    out += _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *within)
    if ignored_too:
        out += _git(root, "ls-files", "--others", "-z", "--", *ignored_too)
    return frozenset(_names(out))


def materialise(root: Path, revision: str, commit: str, paths: Iterable[str], into: Path) -> None:
    """Write files of a commit below a folder, as they were committed. Nothing of git's own is written.

    A path that the commit does not have is left out.

    Args:
        root: the project's folder.
        revision: what the person calls the commit; stands in front of the paths in problems.
        commit: full hash, from `commit_of`.
        paths: files and folders, relative to the root.
        into: an existing folder.

    Raises:
        InputError: one of the files is a symbolic link or a submodule.
    """
    wanted = sorted(set(paths))
    if not wanted:
        return
    entries = [_entry(line) for line in _names(_git(root, "ls-tree", "-r", "-z", commit, "--", *wanted))]
    odd = [path for mode, _, path in entries if mode not in REGULAR_MODES]
    if odd:
        what, fix = "is a link or a submodule", "Only regular files are read"
        raise InputError(Problem(f"{revision}:{path}", 1, 1, "", what, fix) for path in odd)
    for (_, _, path), content in zip(entries, _contents(root, [oid for _, oid, _ in entries]), strict=True):
        target = into / _safe(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def versions_of(root: Path, path: str) -> list[FileVersion]:
    """How one file changed, newest first, on the way that the current branch itself went; renames are followed.

    A merge counts as one change, by whoever merged. What is not committed plays no part; a file that git does not know
    has no versions.
    """
    _git(root, "rev-parse", "--git-dir")
    if _run(root, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
        # A repository without a commit.
        return []
    options = ("--raw", "--no-abbrev", "-z", "--no-ext-diff", "--no-textconv", "--no-show-signature")
    walk = ("--follow", "--first-parent", "--diff-merges=first-parent", "--format=%H%x00%aI%x00%aN")
    found = list(_changes(iter(_git(root, "log", *options, *walk, "--", path).split(b"\0"))))
    kept = [oid for _, mode, oid in found if mode in REGULAR_MODES]
    contents = dict(zip(kept, _contents(root, kept), strict=True))
    return [FileVersion(*version, contents.get(oid)) for version, _, oid in found]


def first_author(root: Path, path: str, pattern: str) -> str | None:
    """Address of the author of the oldest commit that brought something into a file; of whoever works here, before.

    None where nobody can know: no repository, a clone that lacks older commits, or no `user.email`.

    Args:
        root: the project's folder; it need not be the top of the repository.
        path: the file, relative to the root. Its history starts anew where it was renamed.
        pattern: extended regular expression of what was brought.
    """
    if _run(root, "rev-parse", "--git-dir").returncode or is_shallow(root):
        return None
    here = not _run(root, "rev-parse", "--verify", "--quiet", "HEAD").returncode
    # A merge brings nothing of its own; --reverse: the oldest first.
    options = ("--no-merges", "--reverse", "--format=%aE", "--pickaxe-regex", "-S", pattern, "--no-show-signature")
    found = _git(root, "log", *options, "--", path).decode(errors="replace").split() if here else []
    return found[0] if found else _run(root, "config", "user.email").stdout.decode(errors="replace").strip() or None


def is_shallow(root: Path) -> bool:
    """Whether this clone lacks older commits."""
    return _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _changes(words: Iterator[bytes]) -> Iterator[tuple[tuple[str, str, str, str], str, str]]:
    """What `git log --raw -z` says: commit, date, author and path; then the new mode and the new object."""
    for commit in words:
        if not commit:
            return
        date, author = (next(words).decode(errors="replace") for _ in range(2))
        # As in ":100644 100644 <old> <new> M"; a renamed file comes with its old path and its new one.
        _, mode, _, oid, status = next(words).decode().split()
        path = [os.fsdecode(next(words)) for _ in range(2 if status[0] in "RC" else 1)][-1]
        yield (commit.decode(), date, author, path), mode, oid


def _contents(root: Path, oids: list[str]) -> Iterator[bytes]:
    out = _git(root, "cat-file", "--batch", stdin="".join(f"{oid}\n" for oid in oids).encode())
    start = 0
    for _ in oids:
        header_end = out.index(b"\n", start)
        size = _size(out[start:header_end].decode())
        yield out[header_end + 1 : header_end + 1 + size]
        start = header_end + 1 + size + 1


def _size(header: str) -> int:
    oid, _, rest = header.partition(" ")
    if rest == "missing":
        raise PlatformError(f"git lacks the object {oid}. Fetch the whole revision: git fetch --refetch origin.")
    return int(rest.rpartition(" ")[2])


def _entry(line: str) -> tuple[str, str, str]:
    meta, _, path = line.partition("\t")
    mode, _, oid = meta.split(" ")
    return mode, oid, path


def _safe(path: str) -> PurePosixPath:
    # git refuses such trees on checkout; nothing is checked out here.
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or ".git" in parts.parts:
        raise PlatformError(f"the revision has a file with the path {path!r}, which leads out of its folder.")
    return parts


def _names(out: bytes) -> Iterator[str]:
    return (os.fsdecode(name) for name in out.split(b"\0") if name)


def _git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    done = _run(root, *arguments, stdin=stdin)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise PlatformError(f"git cannot read this repository (git {arguments[0]}): {said}")
    return done.stdout


def _run(root: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # GIT_OPTIONAL_LOCKS=0: reading must not get into the way of a person's own git.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1"}
    command = ["git", "-C", os.fspath(root), *arguments]
    try:
        return subprocess.run(command, input=stdin, env=environment, capture_output=True, check=False)
    except OSError as error:
        raise PlatformError("git is not installed. A diff against a revision needs it.") from error
