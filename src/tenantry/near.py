"""The nearest of the words that would have been right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 12
"""Most words that a problem lists."""


def near(word: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown word, as an order: the closest known one, or else all of them."""
    words = sorted(known)
    closest = get_close_matches(word.lower(), words, n=1, cutoff=0.7)
    if closest:
        return f'Did you mean "{closest[0]}"?'
    if not words:
        return "Remove it: nothing can stand here"
    if len(words) == 1:
        return f'Write "{words[0]}", the only one'
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return f"Write one of: {', '.join(words[:SHOWN])}{more}"
