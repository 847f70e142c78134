"""Values as they are written into a model's file, between braces or on a line of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tenantry.scalars import AmbiguousError, resolve

_BARE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._@/+=-]|:(?=\S))*")
DIGITS = 18
"""Decimals that the strict reader takes."""


def word(value: str | float) -> str:
    """A text or a number as YAML: bare where every reader takes it for what it is, else in quotes."""
    if not isinstance(value, str):
        return number(value)
    try:
        bare = _BARE.fullmatch(value) and not value.endswith(" ") and isinstance(resolve(value), str)
    except AmbiguousError:
        bare = False
    return value if bare else json.dumps(value, ensure_ascii=False)


def number(value: float) -> str:
    """A number without an exponent, which programs read differently."""
    if isinstance(value, int):
        return str(value)
    return format(round(Decimal(repr(value)), DIGITS).normalize(), "f")


def block(pairs: Mapping[str, str | float | None]) -> str:
    """A mapping between braces, less what has no value."""
    written = (f"{word(key)}: {word(value)}" for key, value in pairs.items() if value is not None)
    return f"{{{', '.join(written)}}}"


def numbers(items: Iterable[int]) -> str:
    """A list of numbers between brackets."""
    return f"[{', '.join(map(str, items))}]"
