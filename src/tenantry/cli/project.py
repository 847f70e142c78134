"""Which repository, which environment, which tenants: found from what the person gave, cheaply."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from tenantry.cli.failure import UsageError

MARKER = "Pulumi.yaml"
"""File whose folder is a Tenantry repository."""


def nearest_root(start: Path) -> Path | None:
    """The nearest folder, from `start` upwards, that is a Tenantry repository."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / MARKER).is_file()), None)


def find_root(given: Path | None) -> Path:
    """The repository to work on: the given one, else the nearest one from here upwards.

    Raises:
        UsageError: there is none.
    """
    if given is not None:
        if not (given / MARKER).is_file():
            raise UsageError(f"{given} is no Tenantry repository: it has no {MARKER}. Name one that has: --root PATH.")
        return given.resolve()
    root = nearest_root(Path.cwd())
    if root is None:
        raise UsageError(
            f"no Tenantry repository here: neither {Path.cwd()} nor a folder above it has a {MARKER}. "
            "Change to one, or name it: --root PATH."
        )
    return root


def environment_ids(root: Path) -> list[str]:
    """Every environment that has a file, sorted. No file is read."""
    return sorted(file.stem for file in (root / "infra/environments").glob("*.yaml"))


def tenant_ids(root: Path) -> list[str]:
    """Every tenant that has a file, sorted. No file is read."""
    return sorted(file.parent.name for file in (root / "tenants").glob("*/tenant.yaml"))


def choose_environment(root: Path, given: str | None) -> str:
    """The environment to work on: the given one, else the only one.

    Raises:
        UsageError: it is not known, or there are several and none was named.
    """
    known = environment_ids(root)
    if given is not None:
        return known_word(given, known, "environment")
    if len(known) == 1:
        return known[0]
    if not known:
        raise UsageError(f"no environment yet: {root / 'infra/environments'} has no file. Add one there.")
    raise UsageError(f"which environment? There are {', '.join(known)}. Name one: --env {known[0]}.")


def choose_tenants(root: Path, given: Sequence[str]) -> list[str]:
    """The given tenants, each once and in the given order; every tenant where none was given.

    Raises:
        UsageError: one is not known.
    """
    known = tenant_ids(root)
    return [known_word(word, known, "tenant") for word in dict.fromkeys(given)] or known


def known_word(word: str, known: Iterable[str], noun: str) -> str:
    """The word itself, when it is one of the known ones.

    Raises:
        UsageError: it is not; names near ones.
    """
    words = sorted(known)
    if word in words:
        return word
    near = difflib.get_close_matches(word, words, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"Known: {', '.join(words) or 'none yet'}."
    raise UsageError(f'no {noun} "{word}". {hint}')
