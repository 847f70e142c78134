"""The type of an unquoted YAML scalar: one spelling a type, and nothing that two YAML versions read differently.

    true false            a truth value
    0 -7 42               a whole number
    0.5 -1.25             a number
    anything that no YAML version reads as something else than text: text

The rest (`NO`, `0777`, `0x10`, `1_000`, `1e3`, `.5`, `12:30:00`, `2026-01-01`, `~`, nothing at all) is refused
with a hint. Quotes make any of it text.
"""

from __future__ import annotations

import re

Scalar = bool | int | float | str

_TRUTH = {"true": True, "false": False}
# Eighteen digits always fit 64 bits, and no field comes near.
_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")

_NULL = re.compile(r"(?:|~|null|Null|NULL)")
_WORD = re.compile(r"(?:y|n|yes|no|on|off|true|false)", re.IGNORECASE)
_NUMBER = re.compile(
    r"[-+]?(?:"
    r"0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+"
    r"|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?"
    r"|\.(?:inf|Inf|INF)"
    r")|\.(?:nan|NaN|NAN)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?")
_QUOTE = 'Put it in quotes if it is text: "{0}"'

REFUSED = (
    (_NULL, "has no value", "Give it one, or remove the key"),
    (_WORD, '"{0}" is a truth value to some programs and text to others', "Write true or false, or quote the text"),
    (_DATE, '"{0}" is a date to some programs and text to others', _QUOTE),
    (
        re.compile(r"<<"),
        "merges another block in some YAML versions",
        "Write the keys out",
    ),
    (
        re.compile(r"="),
        '"{0}" has a meaning of its own in some YAML versions',
        _QUOTE,
    ),
    (
        _NUMBER,
        '"{0}" is a different number, or none, to different programs',
        "Write a plain decimal such as 8, 1000 or 0.5, or quote the text",
    ),
)
"""Patterns of unquoted scalars that are refused, with what is wrong and what would be right. From the implicit types
of YAML 1.1 and the core schema of YAML 1.2: whatever one of them reads as more than text."""


class AmbiguousError(ValueError):
    """An unquoted scalar that different YAML versions read differently."""

    def __init__(self, what: str, fix: str) -> None:
        self.what, self.fix = what, fix
        super().__init__(what)


def resolve(text: str) -> Scalar:
    """The value of an unquoted scalar.

    Raises:
        AmbiguousError: some YAML version reads it as something else.
    """
    if text in _TRUTH:
        return _TRUTH[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    for pattern, what, fix in REFUSED:
        if pattern.fullmatch(text):
            raise AmbiguousError(what.format(text[:40]), fix.format(text[:40]))
    return text
