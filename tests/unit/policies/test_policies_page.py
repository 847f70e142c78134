"""docs/policies.md says what the rules are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.policies import RULES
from tenantry.policies.page import fresh

PAGE = Path(__file__).parents[3] / "docs/policies.md"


def test_the_page_is_fresh() -> None:
    text = PAGE.read_text("utf-8")
    assert fresh(text) == text, "run python -m tenantry.policies.page"


def test_every_rule_has_a_heading_that_findings_link_to() -> None:
    headings = {line.removeprefix("### ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("### ")}
    assert headings == {rule.id for rule in RULES}


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="must have"):
        fresh("# Rules\n")


def test_every_rule_says_why_and_what_to_do() -> None:
    for rule in RULES:
        assert rule.rationale.endswith("."), rule.id
        assert not rule.fix.endswith("."), rule.id
        assert not rule.title.endswith("."), rule.id
