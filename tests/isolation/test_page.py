"""docs/isolation.md says what the table of attacks and the last whole run say."""

from __future__ import annotations

from tests.isolation.attacks import ATTACKS
from tests.isolation.page import PAGE, results, whole
from tests.isolation.rows import ROWS


def test_the_page_is_fresh() -> None:
    text = PAGE.read_text("utf-8")
    assert whole(text) == text, "run: python -m tests.isolation.page"


def test_every_row_is_there() -> None:
    assert list(ROWS) == [f"A{number:02}" for number in range(1, 57)]
    assert {attack.row for attack in ATTACKS} <= set(ROWS)


def test_what_is_not_live_says_why_and_what_to_do() -> None:
    assert {row for row, one in ROWS.items() if not one.live and not one.elsewhere} == set()


def test_every_live_row_has_run() -> None:
    ran = results()["rows"]
    assert {row for row, one in ROWS.items() if one.live and not ran.get(row)} == set()


def test_no_two_cases_share_a_name() -> None:
    names = [(attack.row, attack.name, attack.route) for attack in ATTACKS]
    assert sorted(names) == sorted(set(names))
