"""What one check is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["passed", "failed", "error"]
"""`failed`: the cluster is not as it must be. `error`: that could not be found out."""


class BrokenError(Exception):
    """The cluster is not as it must be. The message says what is wrong and the way out."""


@dataclass(frozen=True)
class Check:
    """One thing that must hold on the cluster."""

    name: str
    """Owner, area and what is looked at, as in `vision/object/NetworkPolicy/default-deny`. Unlike every other's."""
    title: str
    """What must hold, as a sentence without its full stop."""
    run: Callable[[], None]
    """Looks. Raises `BrokenError` where it does not hold; any other error means that nobody knows."""


@dataclass(frozen=True)
class Result:
    """What came of one check."""

    name: str
    title: str
    outcome: Outcome
    message: str
    """What is wrong, and the way out. Empty where the check passed."""
    seconds: float
