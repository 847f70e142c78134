"""Taking parts out of a YAML text and putting parts in. Everything else stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tenantry.model_edit.entries import Entry
from tenantry.yaml_source import parse


def line_feed(text: str) -> str:
    """How the text ends its lines."""
    return "\r\n" if "\r\n" in text else "\n"


def with_last_line_ended(text: str, change: Callable[[str], str]) -> str:
    """A change of a text whose last line ends; where it did not, it does not afterwards.

    Unless another line is the last one now, and means something else without its end, as a text behind `|` does.
    """
    if text.endswith("\n"):
        return change(text)
    whole = text + line_feed(text)
    changed = change(whole)
    bare = changed.removesuffix(line_feed(text))
    same_end = _last_line(whole) == _last_line(changed)
    return bare if same_end or parse(bare, "").data == parse(changed, "").data else changed


def _last_line(text: str) -> str:
    return text.splitlines()[-1]


def put(text: str, start: int, stop: int, new: str) -> str:
    """The text with what is between two places replaced. The new part takes the text's line ends."""
    return text[:start] + re.sub(r"\r?\n", line_feed(text), new) + text[stop:]


def without(text: str, entry: Entry, siblings: Mapping[str, Entry]) -> str:
    """The text without one key and its value, the comments above and behind it included.

    Args:
        text: the whole text.
        entry: what goes.
        siblings: every key of the same mapping.
    """
    before = text[entry.line : entry.start]
    if not before.strip() and _alone(text, entry):
        return put(text, entry.lead, entry.stop, "")
    # Inside braces on one line: with the comma behind it, or, for the last one, the comma in front of it.
    if comma := re.compile(r"\s*,[ ]*").match(text, entry.end):
        return put(text, entry.start, comma.end(), "")
    previous = max((other.end for other in siblings.values() if other.end <= entry.start), default=entry.start)
    start = previous if re.fullmatch(r"\s*,\s*", text[previous : entry.start]) else entry.start
    return put(text, start, entry.end, "")


def _alone(text: str, entry: Entry) -> bool:
    return bool(re.compile(r"[ ]*,?[ \r]*(?:[ ]#[^\n]*)?\n").match(text, entry.end))


def with_last(text: str, block: Entry, key: str, value: str) -> str:
    """The text with a new last key in a mapping.

    Args:
        text: the whole text.
        block: the mapping, with one key at least.
        key: the new key.
        value: its value, on one line.
    """
    last = list(block.entries.values())[-1]
    if block.flow:
        return put(text, last.end, last.end, f", {key}: {value}")
    indent = " " * (last.start - last.line)
    return put(text, last.stop, last.stop, f"{indent}{key}: {value}\n")
