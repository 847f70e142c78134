"""One object that a rule admits, and the field that makes it refuse it."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from tenantry.kube import Json


@dataclass(frozen=True)
class Case:
    """One object and the change that a rule is about."""

    rule: str
    good: Json
    path: str
    """Dotted way to the field; numbers count in lists."""
    value: Any
    says: str
    """First sentence of the denial, after the rule's name."""

    def __str__(self) -> str:
        return f"{self.rule}-{self.good['kind']}-{self.path}"

    @property
    def bad(self) -> Json:
        """The object with that one field changed."""
        return changed(self.good, self.path, self.value)


def changed(obj: Json, path: str, value: Any) -> Json:
    """A copy with one field set; maps on the way are made."""
    made = copy.deepcopy(obj)
    *way, last = path.split(".")
    at: Any = made
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
    at[int(last) if isinstance(at, list) else last] = value
    return made


def obj(api_version: str, kind: str, **fields: Any) -> Json:
    """An object named `x`."""
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, **fields}
