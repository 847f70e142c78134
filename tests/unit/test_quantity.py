"""Quantities and the words of near misses."""

from __future__ import annotations

import pytest

from tenantry.near import near
from tenantry.quantity import to_bytes


@pytest.mark.parametrize(("quantity", "size"), [("256Mi", 2**28), ("1Gi", 2**30), ("1024Gi", 2**40), ("1Ti", 2**40)])
def test_bytes(quantity: str, size: int) -> None:
    assert to_bytes(quantity) == size


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
