"""Findings that are let be for a while: who answers for each, why, and until when.

They stand in `infra/policy-exceptions.yaml`, which the platform team owns, and not with the tenants: a rule protects
others from the tenant, so its own team must not be able to lift it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from tenantry.errors import Problem, raise_all
from tenantry.explain import check
from tenantry.fields import Block
from tenantry.formats import Email, Text, wrong
from tenantry.near import near
from tenantry.policies.model import Rule, Violation
from tenantry.yaml_source import Document, read

FILE: Final = "infra/policy-exceptions.yaml"
LONGEST: Final = timedelta(days=180)
"""What lasts longer is no exception: change the rule, in a commit that says so."""


def _calendar(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        wrong(f'"{text}" is no day of the calendar', "Write year, month and day, as in 2027-01-31")


RuleId = Annotated[
    str, Text("a rule's id", "Write an id of docs/policies.md", "TEN-[A-Z]{2,5}-[0-9]{3}", 13, "TEN-NET-003")
]
StackName = Annotated[
    str, Text("a stack", "Write <tenant>.<environment>", r"[a-z](-?[a-z0-9])*\.[a-z](-?[a-z0-9])*", 127, "vision.prod")
]
FindingText = Annotated[
    str,
    Text(
        "a finding",
        "Copy it from tenantry check: what stands between the stack and the way out",
        r"\S.{4,998}\S",
        1000,
        "RoleBinding vision/admin: has the subject Group ml-audit",
    ),
]
Reason = Annotated[
    str,
    Text(
        "a reason",
        "Write a sentence of 20 characters or more",
        r"\S.{18,}\S",
        400,
        "The gateway moves to 9443 in May, see OPS-112.",
    ),
]
Day = Annotated[str, Text("a day", "Write it in quotes", "[0-9]{4}-[0-9]{2}-[0-9]{2}", 10, '"2027-01-31"', _calendar)]


class ExceptionSpec(Block):
    """One finding that is let be for a while."""

    rule: RuleId = Field(description="The rule, by its id.")
    stack: StackName = Field(description="The stack that breaks it.")
    finding: FindingText = Field(
        description="What is wrong, word for word as tenantry check says it: an exception never grows."
    )
    owner: Email = Field(description="Who answers for it and is asked when it ends.")
    reason: Reason = Field(description="Why the rule must be broken, and what will end it.")
    expires: Day = Field(description="The last day on which it holds, in UTC; at most 180 days ahead.")

    def excuses(self, violation: Violation) -> bool:
        """Whether it is about a violation."""
        return (self.rule, self.stack, self.finding) == (violation.rule.id, violation.stack, violation.finding)


class ExceptionsFile(Block):
    """The whole file."""

    exceptions: Annotated[tuple[ExceptionSpec, ...], Field(max_length=200)] = Field(
        description="Every exception. Empty: none."
    )


class Exceptions:
    """The exceptions that hold on one day."""

    def __init__(self, listed: Sequence[ExceptionSpec] = (), document: Document | None = None) -> None:
        self._listed = tuple(listed)
        self._document = document
        self._used: set[int] = set()

    def excuse(self, violation: Violation) -> ExceptionSpec | None:
        """The exception that a violation falls under; noted as used."""
        for index, one in enumerate(self._listed):
            if one.excuses(violation):
                self._used.add(index)
                return one
        return None

    def unused(self, stacks: Collection[str], known: Collection[str]) -> Iterator[Problem]:
        """Exceptions that excuse nothing any more, though their stack was checked, or is none.

        Args:
            stacks: those that were checked.
            known: all that there are.
        """
        for index, one in enumerate(self._listed):
            if one.stack not in known:
                yield self._problem(index, "stack", f'no stack "{one.stack}"', near(one.stack, known))
            elif one.stack in stacks and index not in self._used:
                yield self._problem(index, "rule", "excuses nothing: the rule holds", "Remove it")

    def _problem(self, index: int, key: str, what: str, fix: str) -> Problem:
        if self._document is None:
            raise ValueError("exceptions of no file have no place")
        return _problem(self._document, index, key, what, fix)


def load(root: Path, rules: Sequence[Rule], today: date) -> Exceptions:
    """The exceptions of a project. A project without the file has none.

    Args:
        root: the repository.
        rules: those that there are.
        today: the day in UTC on which they must hold.

    Raises:
        InputError: the file cannot be accepted, or an exception has expired, lasts too long or names no rule.
    """
    if not (root / FILE).exists():
        return Exceptions()
    document = read(root / FILE, root=root)
    listed = check(ExceptionsFile, document).exceptions
    raise_all([problem for index, one in enumerate(listed) for problem in _wrong(document, index, one, rules, today)])
    return Exceptions(listed, document)


def _wrong(document: Document, index: int, one: ExceptionSpec, rules: Sequence[Rule], today: date) -> Iterator[Problem]:
    if one.rule not in {rule.id for rule in rules}:
        yield _problem(document, index, "rule", f'no rule "{one.rule}"', "Write an id of docs/policies.md")
    last = date.fromisoformat(one.expires)
    if last < today:
        what = f"expired on {one.expires}: {one.owner} answers for it"
        yield _problem(document, index, "expires", what, "Make the rule hold and remove the exception")
    elif last > today + LONGEST:
        fix = f"Write a day up to {today + LONGEST}"
        yield _problem(document, index, "expires", f"is more than {LONGEST.days} days ahead", fix)


def _problem(document: Document, index: int, key: str, what: str, fix: str) -> Problem:
    return Problem(*document.value(("exceptions", index, key)), f"exceptions[{index}].{key}", what, fix)
