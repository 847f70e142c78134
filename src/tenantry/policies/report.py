"""What a check of many stacks found, and how it reaches people and programs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenantry import names
from tenantry.catalog import load_tenant
from tenantry.errors import Problem
from tenantry.policies import check
from tenantry.policies.exceptions import Exceptions, ExceptionSpec
from tenantry.policies.model import Violation
from tenantry.render import render_stacks
from tenantry.yaml_source import Place


@dataclass(frozen=True)
class Report:
    """What was checked, and what was found."""

    stacks: tuple[str, ...]
    violations: tuple[Violation, ...]
    """Those that nothing excuses."""
    excused: tuple[tuple[Violation, ExceptionSpec], ...]
    problems: tuple[Problem, ...]
    """Exceptions that excuse nothing."""

    @property
    def passed(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.violations or self.problems)

    def to_json(self) -> dict[str, Any]:
        """The report for a program. A key gets a new meaning only with a new `version`."""
        return {
            "version": 1,
            "passed": self.passed,
            "stacks": list(self.stacks),
            "violations": [_plain(violation) for violation in self.violations],
            "excused": [
                {**_plain(violation), "owner": by.owner, "reason": by.reason, "expires": by.expires}
                for violation, by in self.excused
            ],
            "problems": [str(problem) for problem in self.problems],
        }


def _plain(violation: Violation) -> dict[str, str | int]:
    rule = violation.rule
    return {
        "rule": rule.id,
        "severity": rule.severity,
        "title": rule.title,
        "stack": violation.stack,
        "file": _place(violation).path,
        "line": _place(violation).line,
        "finding": violation.finding,
        "fix": violation.fix,
    }


def problem(violation: Violation) -> Problem:
    """A violation as a problem of the file that its stack is made from."""
    return Problem(*_place(violation), violation.rule.id, violation.finding, violation.fix)


def _place(violation: Violation) -> Place:
    return violation.place or Place(source(violation.stack), 1, 1)


def source(stack: str) -> str:
    """The file that a stack is made from, relative to the root."""
    owner, environment = names.split_stack(stack)
    return names.environment_file(environment) if owner == names.PLATFORM else names.tenant_file(owner)


def check_stacks(root: Path, stacks: Collection[str], exceptions: Exceptions, known: Collection[str]) -> Report:
    """Render stacks and check each alone.

    Args:
        root: the repository.
        stacks: those to check.
        exceptions: what excuses violations; one of a checked stack that excuses nothing is a problem.
        known: every stack that there is.

    Raises:
        InputError: the files that a stack is made from cannot be accepted.
        PlatformError: a stack cannot be rendered.
    """
    found = [(violation, exceptions.excuse(violation)) for violation in _violations(root, stacks)]
    return Report(
        tuple(stacks),
        tuple(violation for violation, by in found if by is None),
        tuple((violation, by) for violation, by in found if by is not None),
        tuple(sorted(exceptions.unused(stacks, known))),
    )


def _violations(root: Path, stacks: Iterable[str]) -> Iterator[Violation]:
    for rendered in render_stacks(root, stacks):
        owner, environment = names.split_stack(rendered.stack)
        tenant = None if owner == names.PLATFORM else load_tenant(root, owner, environment)
        yield from check(rendered.stack, rendered.resources, tenant)
