"""Waiting for what a cluster does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


PATIENCE = 180
"""Seconds. Only what is broken takes them; what works takes a second, and many times that on a crowded machine."""


def until(look: Callable[[], Seen], seconds: float = PATIENCE) -> Seen:
    """What `look` returns once it is true; its last answer where it does not become true in time."""
    end = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.1)
    return seen
