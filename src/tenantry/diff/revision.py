"""The difference between a git revision and the work tree, rendering only what can differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Literal

from tenantry import git
from tenantry.diff.compare import diff
from tenantry.diff.fields import changed_fields
from tenantry.diff.model import Diff, Money, StackDiff
from tenantry.diff.sides import CODE, ENVIRONMENTS, TENANTS, code_of, committed, working
from tenantry.diff.snapshot import Selection, Snapshot

Code = Literal["each", "revision", "worktree"]
"""Whose code renders: each side's own, the revision's for both sides, or the running one for both."""

PACKAGES = ("pyproject.toml", "uv.lock")
"""Files that choose the installed packages, which are the same for both sides."""


@dataclass(frozen=True)
class Change:
    """What differs between the revision and the work tree, and who renders which side."""

    selection: Selection
    code: bool
    """Whether the program or the model differs."""
    packages: bool
    """Whether the files differ that choose the installed packages."""
    own_before: bool
    """Whether the revision's own code renders its side; otherwise the running code does."""
    own_after: bool
    """Whether the revision's own code renders the work tree's side."""


def diff_revision(root: Path, revision: str, *, code: Code = "each") -> Diff:
    """What the work tree would change on what a revision made: staged, unstaged and untracked files count.

    Only stacks that the changed files can touch are rendered: a tenant's stacks for its files; an environment's
    platform and tenants for the environment's file; every stack where the code differs and each side is rendered by
    its own. Cross-tenant rules are checked only where every tenant is read; `validate` checks them always.

    Args:
        root: the project's folder.
        revision: a branch, a tag, a commit, or something like `HEAD~1`.
        code: `each` shows what merging changes. `revision` renders the work tree's data with the revision's code and
            runs nothing of the work tree: for changes that nobody has reviewed yet. `worktree` renders the
            revision's data with the running code.

    Raises:
        InputError: a file of either side is not valid; the revision's paths start with its name and a colon.
        PlatformError: git cannot answer, or the revision's code cannot render.
    """
    commit = git.commit_of(root, revision)
    paths = git.changed_paths(root, commit, (*CODE, *PACKAGES), ignored_too=(TENANTS, ENVIRONMENTS))
    change = plan(paths, code, code_is_here=Path(__file__).resolve().is_relative_to(root.resolve()))
    if change.selection == Selection():
        return Diff((), notes=notes(revision, change))
    with TemporaryDirectory(prefix="tenantry-diff-") as folder:
        old = committed(Path(folder) / "before", root, revision, commit, change.selection)
        new = working(Path(folder) / "after", root, change.selection)
        own = change.own_before or change.own_after
        theirs = code_of(Path(folder) / "code", root, revision, commit) if own else None
        before = old.snapshots(theirs if change.own_before else None)
        after = new.snapshots(theirs if change.own_after else None)
    found = diff(before, after)
    return replace(found, stacks=tuple(_with_facts(found, before, after)), notes=notes(revision, change))


def plan(paths: Iterable[str], code: Code, *, code_is_here: bool) -> Change:
    """Which stacks the changed paths can touch, and who renders them.

    Args:
        paths: changed files, relative to the root.
        code: what the caller asked for.
        code_is_here: whether the running code is that of the work tree, and not one installed elsewhere.
    """
    changed = [PurePosixPath(path) for path in paths]
    tenants = {path.parts[1] for path in changed if path.is_relative_to(TENANTS) and len(path.parts) > 1}
    environments = {path.stem for path in changed if path.match(f"{ENVIRONMENTS}/*.yaml")}
    differs = any(_is_code(path) for path in changed)
    own = {"each": differs and code_is_here, "revision": differs or not code_is_here, "worktree": False}[code]
    selection = Selection(tuple(sorted(tenants)), tuple(sorted(environments)), everything=own and code == "each")
    return Change(
        selection,
        code=differs,
        packages=any(str(path) in PACKAGES for path in changed),
        own_before=own,
        own_after=own and code == "revision",
    )


def _is_code(path: PurePosixPath) -> bool:
    return any(path.is_relative_to(code) for code in CODE) and not path.is_relative_to(ENVIRONMENTS)


def notes(revision: str, change: Change) -> tuple[str, ...]:
    """What a reader must know about who rendered what."""
    found = []
    if change.own_before and not change.own_after:
        found.append(f"The code differs too: each side was rendered by its own, {revision}'s in a process of its own.")
    elif change.code:
        whose = f"{revision}'s code" if change.own_before else "the running code"
        found.append(f"The code differs too, but {whose} rendered both sides: only what the data changes is shown.")
    if change.packages:
        found.append("The pinned packages differ too, but both sides ran with the ones installed here.")
    return tuple(found)


def _with_facts(found: Diff, before: Iterable[Snapshot], after: Iterable[Snapshot]) -> Iterator[StackDiff]:
    """The differing stacks with their quota and cost; those too where nothing but the cost differs."""
    differing = {stack.stack: stack for stack in found.stacks}
    old, new = {side.stack: side for side in before}, {side.stack: side for side in after}
    for name in sorted({*old, *new}):
        a, b = (side.get(name) or Snapshot(name, ()) for side in (old, new))
        quota = changed_fields(a.quota, b.quota)
        money = Money(a.cost, b.cost) if a.cost or b.cost else None
        if name in differing or quota or a.cost != b.cost:
            yield replace(differing.get(name) or StackDiff(name, "changed"), quota=quota, money=money)
