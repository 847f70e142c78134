"""Makes programs available while something else goes on, and joins in when their result is needed."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tenantry.sandbox.toolchain.cancelling import Cancel
from tenantry.sandbox.toolchain.ensuring import ensure
from tenantry.sandbox.toolchain.events import Event, Progress, quiet
from tenantry.sandbox.toolchain.programs import PROGRAMS

POLL: Final = 0.2
"""Seconds; a join without a timeout could not be interrupted."""
LEAVE_WAIT: Final = 15.0
"""Seconds for the work to stop: Go ends in a moment, a site that has fallen silent may not, and is left to itself."""


class Background:
    """Runs `ensure` in a thread. Leaving the `with` block before the end stops the work, compilers included.

    with Background() as toolchain:
        ...                                # whatever needs no program
        paths = toolchain.wait(progress)   # shows the rest of the way
    """

    def __init__(self, names: Iterable[str] = PROGRAMS) -> None:
        self._names = tuple(names)
        self._cancel = Cancel()
        self._progress: Progress = quiet
        self._last: Event | None = None
        self._paths: dict[str, Path] = {}
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="toolchain", daemon=True)

    @property
    def last(self) -> Event | None:
        """What was told last. None: nothing yet."""
        return self._last

    def wait(self, progress: Progress = quiet) -> dict[str, Path]:
        """Wait for the end. `progress` is told what was told last, and then all that follows, in the other thread.

        Returns:
            As `ensure` does.

        Raises:
            PlatformError: as `ensure` does.
        """
        if self._last and self._thread.is_alive():
            progress(self._last)
        self._progress = progress
        while self._thread.is_alive():
            self._thread.join(POLL)
        if self._error:
            raise self._error
        return self._paths

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cancel.ask()
        self._thread.join(LEAVE_WAIT)

    def _run(self) -> None:
        try:
            self._paths = ensure(self._names, self._tell, self._cancel)
        except Exception as error:  # handed to whoever waits, whatever it is
            self._error = error

    def _tell(self, event: Event) -> None:
        self._last = event
        self._progress(event)
