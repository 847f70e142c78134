"""Exceptions: who, why, until when; nothing else, and not a day longer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tenantry.errors import InputError
from tenantry.policies import RULES, Violation
from tenantry.policies.exceptions import FILE, Exceptions, load

TODAY = date(2026, 11, 24)
FINDING = "RoleBinding vision/admin: has the subject Group ml-audit"
RULE = next(rule for rule in RULES if rule.id == "TEN-ACC-005")


def violation(stack: str = "vision.prod", what: str = "has the subject Group ml-audit") -> Violation:
    return Violation(RULE, stack, "RoleBinding vision/admin", what)


def entry(**changes: str) -> str:
    values = {
        "rule": "TEN-ACC-005",
        "stack": "vision.prod",
        "finding": f'"{FINDING}"',
        "owner": "platform@example.com",
        "reason": "The auditors leave with the year, OPS-112.",
        "expires": '"2027-01-31"',
    }
    return "  - " + "\n    ".join(f"{key}: {value}" for key, value in (values | changes).items() if value) + "\n"


def read(root: Path, *entries: str, today: date = TODAY) -> Exceptions:
    file = root / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text("exceptions:\n" + "".join(entries) if entries else "exceptions: []\n")
    return load(root, RULES, today)


def problems(root: Path, *entries: str, today: date = TODAY) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(root, *entries, today=today)
    return [str(problem) for problem in caught.value.problems]


def test_a_project_without_the_file_has_none(tmp_path: Path) -> None:
    assert load(tmp_path, RULES, TODAY).excuse(violation()) is None
    assert read(tmp_path).excuse(violation()) is None


def test_it_excuses_that_finding(tmp_path: Path) -> None:
    found = read(tmp_path, entry()).excuse(violation())
    assert found is not None
    assert (found.owner, found.expires) == ("platform@example.com", "2027-01-31")


@pytest.mark.parametrize(
    "other",
    [
        violation(stack="vision.sandbox"),
        violation(what="has the subject Group ml-audits"),
        Violation(RULES[0], "vision.prod", "RoleBinding vision/admin", "has the subject Group ml-audit"),
        Violation(RULE, "vision.prod", "", "has the subject Group ml-audit"),
    ],
)
def test_it_excuses_nothing_else(tmp_path: Path, other: Violation) -> None:
    assert read(tmp_path, entry()).excuse(other) is None


@pytest.mark.parametrize("key", ["rule", "stack", "finding", "owner", "reason", "expires"])
def test_every_key_is_required(tmp_path: Path, key: str) -> None:
    [problem] = problems(tmp_path, entry(**{key: ""}))
    assert f"exceptions[0].{key}: is missing" in problem


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rule", "TEN-ACC-5"),
        ("stack", "vision"),
        ("owner", "somebody"),
        ("reason", "because"),
        ("reason", '"                      "'),
        ("expires", '"2027-02-30"'),
        ("expires", '"soon"'),
        ("expires", "2027-01-31"),
        ("also", "this"),
    ],
)
def test_values_that_say_nothing_are_refused(tmp_path: Path, key: str, value: str) -> None:
    [problem] = problems(tmp_path, entry(**{key: value}))
    assert problem.startswith(f"{FILE}:")
    assert f"exceptions[0].{key}: " in problem


def test_it_holds_on_its_last_day_and_not_after(tmp_path: Path) -> None:
    assert read(tmp_path, entry(), today=date(2027, 1, 31)).excuse(violation())
    [problem] = problems(tmp_path, entry(), today=date(2027, 2, 1))
    assert problem == (
        f"{FILE}:7:14: exceptions[0].expires: expired on 2027-01-31: platform@example.com answers for it."
        " Make the rule hold and remove the exception."
    )


def test_it_lasts_half_a_year_at_most(tmp_path: Path) -> None:
    assert read(tmp_path, entry(expires='"2027-05-23"')).excuse(violation())
    [problem] = problems(tmp_path, entry(expires='"2027-05-24"'))
    assert "is more than 180 days ahead. Write a day up to 2027-05-23." in problem


def test_a_rule_that_is_none_is_named(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, entry(rule="TEN-ACC-095"))
    assert 'exceptions[0].rule: no rule "TEN-ACC-095". Write an id of docs/policies.md.' in problem


def test_all_problems_are_shown_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, entry(expires='"2026-01-01"'), entry(), entry(rule="TEN-XX-001"))) == 2


def test_what_excuses_nothing_is_told_where_its_stack_was_checked(tmp_path: Path) -> None:
    known = {"vision.prod", "nlp.prod"}
    unused = read(tmp_path, entry())
    assert [str(one) for one in unused.unused({"vision.prod"}, known)] == [
        f"{FILE}:2:11: exceptions[0].rule: excuses nothing: the rule holds. Remove it."
    ]
    assert list(unused.unused({"nlp.prod"}, known)) == []
    used = read(tmp_path, entry())
    used.excuse(violation())
    assert list(used.unused({"vision.prod"}, known)) == []


def test_a_stack_that_is_none_is_told_always(tmp_path: Path) -> None:
    [problem] = read(tmp_path, entry(stack="visoin.prod")).unused(set(), {"vision.prod"})
    assert problem.what == 'no stack "visoin.prod"'
    assert problem.fix == 'Did you mean "vision.prod"?'
