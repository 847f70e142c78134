"""What can go wrong, and whose fault it is.

    TenantryError
    ├── InputError     exit 1: what a person wrote; carries every Problem found
    └── PlatformError  exit 3: ours, the machine's or the cluster's

Usage errors (exit 2) are raised by the command line itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with one place of one file."""

    path: str
    """File, relative to the repository's root, with forward slashes."""
    line: int
    """Line, counted from 1. 1 where the file as a whole is meant."""
    column: int
    """Column, counted from 1."""
    key: str
    """Path of the key, as in `quota.gpus.a10g`. Empty where the file as a whole is meant."""
    what: str
    """What is wrong: one sentence without its full stop."""
    fix: str
    """What would be right, in one sentence without its full stop. A question keeps its question mark."""

    def __str__(self) -> str:
        key = f"{self.key}: " if self.key else ""
        return f"{self.path}:{self.line}:{self.column}: {key}{self.sentences}"

    @property
    def sentences(self) -> str:
        """What is wrong and what would be right, as two sentences."""
        return f"{self.what}. {self.fix}{'' if self.fix.endswith('?') else '.'}"


class TenantryError(Exception):
    """Base of every error that Tenantry raises on purpose."""

    exit_code = 3


class InputError(TenantryError):
    """What a person wrote cannot be accepted. Holds every problem found, sorted, each once."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """From one process to another with its problems, not with its text."""
        return InputError, (self.problems,)


class PlatformError(TenantryError):
    """The machine, the engine, the cluster or Tenantry failed; no edit of a tenant file helps."""


def raise_all(problems: Collection[Problem]) -> None:
    """Raise what was collected, if anything was.

    Raises:
        InputError: there are problems.
    """
    if problems:
        raise InputError(problems)
