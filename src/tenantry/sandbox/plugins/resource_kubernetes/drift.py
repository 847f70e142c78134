"""What became of an object since we last saw it, in terms of the inputs that a program would give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ABSENT = object()


def refreshed(inputs: Any, before: Any, now: Any) -> Any:  # noqa: ANN401 - JSON
    """The inputs, with what changed on the server put in place of what was asked for.

    A value that the server spells in its own way (`1000m` as `1`) is no drift: the server's spelling is compared with
    its spelling of before, not with the input. Fields that the inputs never had are the server's business.

    Args:
        inputs: What was asked for.
        before: The live object as last seen.
        now: The live object.
    """
    if isinstance(inputs, Mapping) and isinstance(now, Mapping):
        return _refreshed_mapping(inputs, before if isinstance(before, Mapping) else {}, now)
    if isinstance(inputs, list) and isinstance(before, list) and isinstance(now, list):
        if len(inputs) == len(before) == len(now):
            return [refreshed(*three) for three in zip(inputs, before, now, strict=True)]
        return inputs if before == now else now
    return inputs if now in (before, inputs) else now


def _refreshed_mapping(inputs: Mapping[str, Any], before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for key, value in inputs.items():
        old, new = before.get(key, _ABSENT), now.get(key, _ABSENT)
        if new is not _ABSENT:
            kept[key] = refreshed(value, None if old is _ABSENT else old, new)
        elif old is _ABSENT:
            # The server never kept it, as it does with stringData and with empty values.
            kept[key] = value
    return kept
