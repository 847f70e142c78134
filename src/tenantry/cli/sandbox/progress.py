"""The sandbox's steps as they happen: one line each, and on a terminal the one under way with a spinner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tenantry.cli.output import err

if TYPE_CHECKING:
    from tenantry.sandbox.progress import Step
    from tenantry.sandbox.toolchain.events import Event


@contextmanager
def stepping() -> Iterator[Callable[[Step | Event], None]]:
    """A watcher for the sandbox, drawn on stderr while inside."""
    from tenantry.sandbox.progress import Step  # noqa: PLC0415 - only for the sandbox

    console = err()
    with console.status("") as spinner:

        def tell(told: Step | Event) -> None:
            # The toolchain's events are drawn before: by now every program is there.
            if not isinstance(told, Step):
                return
            if told.done:
                console.print(f"{told.name}: {told.what} ({told.seconds:.1f} s)", style="dim", soft_wrap=True)
            else:
                spinner.update(f"{told.name}: {told.what}")

        yield tell
