"""Quantities and the words of near misses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.near import near
from tenantry.quantity import canonical, number, to_bytes
from tests.quantities import CANONICAL


@pytest.mark.parametrize(("quantity", "size"), [("256Mi", 2**28), ("1Gi", 2**30), ("1024Gi", 2**40), ("1Ti", 2**40)])
def test_bytes(quantity: str, size: int) -> None:
    assert to_bytes(quantity) == size


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64", "64"),
        ("500m", "0.5"),
        ("1Ki", "1024"),
        ("256Gi", str(256 * 2**30)),
        ("2k", "2000"),
        ("1E", str(10**18)),
        ("1Ei", str(2**60)),
        ("1.5", "1.5"),
        ("1e3", "1000"),
        ("0", "0"),
    ],
)
def test_number(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(("written", "served"), CANONICAL.items())
def test_canonical(written: str, served: str) -> None:
    assert canonical(written) == served


@given(st.integers(0, 2**63 - 1), st.sampled_from(["m", "", "k", "M", "G", "Ki", "Mi", "Gi", "Ti", "Ei"]))
def test_canonical_keeps_the_amount_and_what_is_canonical(amount: int, suffix: str) -> None:
    written = f"{amount}{suffix}"
    if number(written) >= 2**63:
        with pytest.raises(ValueError, match=written):
            canonical(written)
        return
    once = canonical(written)
    assert (number(once), canonical(once)) == (number(written), once)


@pytest.mark.parametrize("written", ["", "01", "1.5", "1e3", "-1", "1 Gi", "1GiB", "1K", "5n", "1iM", "Gi", "١", "1\n"])
def test_what_is_no_whole_quantity_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        canonical(written)


@pytest.mark.parametrize(
    ("word", "known", "fix"),
    [
        ("gpuz", ["cpu", "gpus"], 'Did you mean "gpus"?'),
        ("A10G", ["a10g", "h100"], 'Did you mean "a10g"?'),
        ("zzz", ["cpu", "gpus"], "Write one of: cpu, gpus"),
        ("zzz", ["cpu"], 'Write "cpu", the only one'),
        ("zzz", [], "Remove it: nothing can stand here"),
        (
            "zzz",
            [f"k{n:02}" for n in range(14)],
            f"Write one of: {', '.join(f'k{n:02}' for n in range(12))} and 2 more",
        ),
    ],
)
def test_near(word: str, known: list[str], fix: str) -> None:
    assert near(word, known) == fix
