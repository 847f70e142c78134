"""A way to stop a download or a build from another thread."""

from __future__ import annotations

import threading

from tenantry.errors import PlatformError


class CancelledError(PlatformError):
    """The work was stopped on request. What was done stays in the cache; the next run goes on from there."""

    def __init__(self) -> None:
        super().__init__("Stopped. What was downloaded or compiled so far is kept: run it again to go on.")


class Cancel:
    """Says whether the work should stop."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        """Ask the work to stop soon."""
        self._asked.set()

    def check(self) -> None:
        """Stop here if asked to.

        Raises:
            CancelledError: someone asked.
        """
        if self._asked.is_set():
            raise CancelledError

    def wait(self, seconds: float) -> None:
        """Sleep, but stop as soon as someone asks."""
        self._asked.wait(seconds)
        self.check()
