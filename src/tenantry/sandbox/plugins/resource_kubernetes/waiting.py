"""Waiting for objects: to become ready, to be gone. Ends by itself, at the time limit, or when the engine cancels."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tenantry.kube import Json, Kube, KubeError
from tenantry.sandbox.plugins.engine import Engine
from tenantry.sandbox.plugins.resource_kubernetes.objects import Ref, annotation
from tenantry.sandbox.plugins.resource_kubernetes.readiness import FailedError, waits_for

TIMEOUT: Final = 600.0
"""Seconds, as in the official provider."""
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 1.0
"""Seconds between two looks at an object."""


class NotReadyError(Exception):
    """The object is there, and not what it should become."""

    def __init__(self, live: Json, reason: str) -> None:
        super().__init__(reason)
        self.live = live


class StillThereError(Exception):
    """The object is not gone in time."""


@dataclass
class Waiting:
    """How one operation waits."""

    kube: Kube
    engine: Engine
    urn: str
    timeout: float
    """Seconds."""
    cancelled: threading.Event = field(default_factory=threading.Event)

    def until_ready(self, ref: Ref, live: Json) -> Json:
        """The object once it is ready.

        Raises:
            NotReadyError: it failed, took too long, or the engine cancelled.
        """
        for reason in self._looks():
            try:
                missing = waits_for(live, self.kube)
            except FailedError as error:
                raise NotReadyError(live, f"{ref} has failed: {error}") from error
            if missing is None:
                self.engine.status(self.urn, "")
                return live
            if reason:
                raise NotReadyError(live, f"{ref} is there, but {reason}: {missing}")
            self.engine.status(self.urn, f"waiting: {missing}")
            live = self._seen(ref, live) or live
        raise AssertionError

    def until_gone(self, ref: Ref) -> None:
        """Return once the object is gone.

        Raises:
            StillThereError: it is not, in time or when the engine cancelled; says what holds it.
        """
        for reason in self._looks():
            live = self.kube.get(ref.api_version, ref.kind, ref.name, ref.namespace)
            if live is None:
                self.engine.status(self.urn, "")
                return
            held = what_holds(live)
            if reason:
                raise StillThereError(f"{ref} is being deleted, but {reason}{f': {held}' if held else ''}")
            self.engine.status(self.urn, f"waiting for it to be gone{f': {held}' if held else ''}")

    def until_known(self, attempt: Callable[[], Json]) -> Json:
        """Try until the server knows the namespace and the kind that the object needs, which may be seconds old."""
        for reason in self._looks(5):
            try:
                return attempt()
            except KubeError as error:
                if reason or error.reason not in {"NotFound", "NoKind"}:
                    raise
        raise AssertionError

    def _seen(self, ref: Ref, live: Json) -> Json | None:
        try:
            return self.kube.get(ref.api_version, ref.kind, ref.name, ref.namespace)
        except KubeError as error:
            raise NotReadyError(
                live, f"{ref} is there, but the API server cannot be asked about it: {error}"
            ) from error

    def _looks(self, timeout: float | None = None) -> Iterator[str]:
        """One item a look: empty, or why this look is the last one. Pauses between two."""
        limit = self.timeout if timeout is None else timeout
        end, pause = time.monotonic() + limit, FIRST_PAUSE
        while time.monotonic() < end:
            yield ""
            if self.cancelled.wait(min(pause, max(0.0, end - time.monotonic()))):
                yield "the run was cancelled"
            pause = min(pause * 1.5, LONGEST_PAUSE)
        yield f"not within {limit:g} s"


def is_missing(live: Json, kube: Kube) -> str | None:
    """What the object lacks at this moment to be ready, or why it failed. None: nothing."""
    try:
        return waits_for(live, kube)
    except FailedError as error:
        return str(error)


def time_limit(inputs: Json, timeout: float) -> float:
    """Seconds an operation may wait: the resource's own option, its annotation, or the default."""
    asked = annotation(inputs, "pulumi.com/timeoutSeconds")
    return timeout or (float(asked) if asked.isdecimal() else TIMEOUT)


def what_holds(live: Json) -> str:
    """What keeps a terminating object there: a namespace's own conditions, else its finalizers."""
    conditions = (live.get("status") or {}).get("conditions") or ()
    reasons = [str(condition["message"]) for condition in conditions if condition.get("status") == "True"]
    if live["kind"] == "Namespace" and reasons:
        return "; ".join(reasons)
    # The garbage collector's own finalizer only says that it is at work.
    finalizers = [name for name in live["metadata"].get("finalizers") or () if name != "foregroundDeletion"]
    return f"its finalizers are {', '.join(finalizers)}" if finalizers else ""
