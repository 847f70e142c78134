"""The table of rules: names, anchors, and what is true of every expression."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tenantry.guards import MUTATIONS, RULES, Rule
from tenantry.guards.cel import for_platform, listing, quoted

RUNBOOK = (Path(__file__).parents[2] / "docs/runbooks/admission.md").read_text("utf-8")
EVERY = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


def cel(rule: Rule) -> str:
    """All of a rule's CEL."""
    return "\n".join(
        [
            *(text for _, text in (*rule.variables, *rule.conditions)),
            *(text for check in rule.checks for text in (check.expression, check.value)),
        ]
    )


def test_names_are_words_and_taken_once() -> None:
    names = [*(rule.name for rule in RULES), *(mutation.name for mutation in MUTATIONS)]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []
    # Every policy is looked at by every request.
    assert len(RULES) + len(MUTATIONS) <= 39


def test_every_rule_has_an_anchor_and_every_anchor_a_rule() -> None:
    assert Counter(re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE)) == Counter(rule.name for rule in RULES)


@EVERY
def test_a_rule_stops_attacks_of_the_list_and_says_what_to_do(rule: Rule) -> None:
    assert rule.attacks
    assert all(re.fullmatch(r"A(0[1-9]|[1-4][0-9]|5[0-6])", row) for row in rule.attacks)
    for check in rule.checks:
        message = rule.message(check)
        assert message.startswith(f"{rule.name}: ")
        assert message.endswith(f". See docs/runbooks/admission.md#{rule.name}")
        assert ".. " not in message
        assert len(message) < 300


@EVERY
def test_a_rule_reads_parameters_only_where_it_has_them(rule: Rule) -> None:
    assert ("params." in cel(rule)) == rule.parametrised
    assert "params." not in "".join(text for _, text in rule.conditions)


@EVERY
def test_a_rule_uses_every_variable_that_it_has(rule: Rule) -> None:
    for name, _ in rule.variables:
        assert f"variables.{name}" in cel(rule), name


def test_text_in_cel_cannot_end_its_literal() -> None:
    assert quoted("it's \\ a\nline") == "'it\\'s \\\\ a\\nline'"
    assert listing(["a", "b'c"]) == "['a', 'b\\'c']"


def test_platform_groups_are_filled_in_sorted_after_those_of_every_cluster() -> None:
    filled = for_platform("g in <platform groups>", ["z", "a"])
    assert filled.startswith("g in ['system:masters', ")
    assert filled.endswith(", 'a', 'z']")
