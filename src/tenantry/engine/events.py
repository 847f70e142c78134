"""The engine's stream of events, one JSON document a line, read into changes.

Its documents are those of Pulumi's `sdk/go/common/apitype/events.go`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tenantry.diff.compare import title
from tenantry.diff.fields import changed_fields
from tenantry.engine.results import OPERATIONS, Change, Operation

Json = dict[str, Any]

STEPS: Final[Mapping[str, Operation]] = {
    "same": "same",
    "create": "create",
    "import": "create",
    "update": "update",
    "delete": "delete",
    "discard": "delete",
    "remove-pending-replace": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "read-replacement": "replace",
    "discard-replaced": "replace",
    "import-replacement": "replace",
}
"""The engine's steps, by what they mean to a person. Three steps make one replacement; a read is no change."""

STACK_TYPE: Final = "pulumi:pulumi:Stack"
"""Type of the resource that is the stack itself."""
SECRET_SIGN: Final = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the engine's mark of an encoded value, not one
"""Key that marks an encoded value in the engine's documents (`sig.Key` of Pulumi's SDKs)."""
UNKNOWN: Final = (
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
)
"""What the engine writes for a value that only an `up` will tell (`sdk/go/common/resource/plugin/rpc.go`)."""
LATER: Final = "[known after up]"
_COLOUR: Final = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*m")


class Events:
    """Reads one run's events. Feed it lines; ask it for what it has seen."""

    def __init__(self) -> None:
        self._started: dict[str, Json] = {}
        self._finished: dict[str, Operation] = {}
        self._errors: list[tuple[str, str]] = []

    def feed(self, line: str) -> str | None:
        """Take one line. The title of the resource that it finishes, if any; lines that are no event are ignored."""
        try:
            event = json.loads(line)
        except ValueError:
            return None
        if not isinstance(event, dict):
            return None
        if diagnostic := event.get("diagnosticEvent"):
            self._diagnose(diagnostic)
        if (before := event.get("resourcePreEvent")) and _counts(before["metadata"]):
            self._start(before["metadata"])
        if (after := event.get("resOutputsEvent")) and _counts(after["metadata"]):
            return self._finish(after["metadata"])
        return None

    @property
    def finished(self) -> int:
        """Resources that are through."""
        return len(self._finished)

    @property
    def counts(self) -> dict[Operation, int]:
        """Resources that are through, by operation; every operation has its count."""
        seen = list(self._finished.values())
        return {operation: seen.count(operation) for operation in OPERATIONS}

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every finished resource that is not `same`, in the order in which the engine reached it."""
        return tuple(
            _change(step, self._finished[urn])
            for urn, step in self._started.items()
            if self._finished.get(urn, "same") != "same"
        )

    @property
    def errors(self) -> tuple[str, ...]:
        """What went wrong, each once, with the resource that it went wrong with in front."""
        return tuple(dict.fromkeys(f"{self._place(urn)}{message}" for urn, message in self._errors))

    def _place(self, urn: str) -> str:
        step = self._started.get(urn)
        return f"{_title(step)}: " if step else ""

    def _start(self, step: Json) -> None:
        known = self._started.get(step["urn"])
        # A replacement comes as three steps; the first one knows both the old and the new inputs.
        if known is None or not (known.get("old") and known.get("new")):
            self._started[step["urn"]] = step

    def _finish(self, step: Json) -> str:
        urn, operation = step["urn"], STEPS[step["op"]]
        self._started.setdefault(urn, step)
        # The outputs of a component come as a second event, which says `same` after an update.
        if operation != "same" or urn not in self._finished:
            self._finished[urn] = operation
        return _title(step)

    def _diagnose(self, diagnostic: Json) -> None:
        message = _COLOUR.sub("", f"{diagnostic.get('message', '')}").strip()
        if diagnostic.get("severity") == "error" and message:
            self._errors.append((diagnostic.get("urn", ""), message))


def declared(urn: str, type_token: str) -> bool:
    """Whether the program declares it: it is neither the stack itself nor a provider that the engine made up."""
    provider = type_token.startswith("pulumi:providers:") and "::default" in urn
    return type_token != STACK_TYPE and not provider


def _counts(step: Json) -> bool:
    return step["op"] in STEPS and declared(step["urn"], step["type"])


@dataclass(frozen=True)
class _Touched:
    """A step's resource, as `title` wants it."""

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]


def _title(step: Json) -> str:
    inputs = _inputs(step, "new") or _inputs(step, "old")
    return title(_Touched(step["urn"], step["type"], step["urn"].rpartition("::")[2], inputs))


def _change(step: Json, operation: Operation) -> Change:
    both = operation in ("update", "replace")
    fields = changed_fields(_inputs(step, "old"), _inputs(step, "new")) if both else ()
    return Change(urn=step["urn"], type=step["type"], title=_title(step), operation=operation, fields=fields)


def _inputs(step: Json, side: str) -> Mapping[str, Any]:
    state = step.get(side) or {}
    return {key: plain(value) for key, value in (state.get("inputs") or {}).items() if not key.startswith("__")}


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """A value without the engine's own encoding: secrets and values to come have a word of ours instead."""
    if isinstance(value, dict):
        if SECRET_SIGN in value:
            return "[secret]"
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return LATER if value in UNKNOWN else value
