"""One call of `preview`, `up` or `destroy`: its stacks in parallel, its engines, what it tells who watches."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from tenantry.engine.events import Events
from tenantry.engine.locks import BusyError
from tenantry.engine.processes import Engines
from tenantry.engine.results import OnProgress, Outcome, Progress, StackResult
from tenantry.errors import TenantryError

if TYPE_CHECKING:
    from tenantry.engine.workspace import Workspace

Verb = Literal["preview", "up", "destroy"]
Job = Callable[[str], StackResult]

COMMANDS: Final[Mapping[Verb, tuple[str, ...]]] = {
    "preview": ("preview",),
    "up": ("up", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}
LOCKED: Final = ("the stack is currently locked by", "[409] Conflict")
"""The engine's words for a lock of somebody else: a bucket's, Pulumi Cloud's."""
AGAIN: Final = "Interrupted. What was done is kept; run again, and it goes on from there."


@dataclass
class Session:
    """The engines and the watcher of one call."""

    workspace: Workspace
    on_progress: OnProgress
    parallel: int = field(default_factory=lambda: os.cpu_count() or 2)
    """Stacks at a time. A run is mostly CPU (the SDKs' imports, the engine): more than there are CPUs gains nothing."""
    engines: Engines = field(default_factory=Engines)

    def each(self, stacks: Sequence[str], job: Job) -> dict[str, StackResult]:
        """Do the job for every stack, some at a time. What fails for one is its result, and never stops the others."""
        stacks = list(dict.fromkeys(stacks))
        for stack in stacks:
            self.on_progress(Progress(stack=stack, phase="waiting"))
        with ThreadPoolExecutor(self.parallel) as pool:
            return dict(zip(stacks, pool.map(partial(self._guarded, job), stacks), strict=True))

    def engine(self, stack: str, verb: Verb, *, total: int | None = None, options: Sequence[str] = ()) -> StackResult:
        """Run the engine on one stack to its end, and read what it says."""
        events, started = Events(), time.monotonic()
        phase: Literal["planning", "running"] = "planning" if verb == "preview" else "running"

        def on_line(line: str) -> None:
            if touched := events.feed(line):
                self.on_progress(
                    Progress(stack=stack, phase=phase, finished=events.finished, total=total, resource=touched)
                )

        command = (*COMMANDS[verb], "--json", "--non-interactive", "--stack", stack, *options)
        status, errors = self.engines.run(
            [str(self.workspace.program), *command],
            folder=self.workspace.root,
            variables={**self.workspace.process_env(), "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"},
            on_line=on_line,
        )
        outcome, error = self._outcome(status, "\n".join(events.errors) or _plain_errors(errors))
        return StackResult(
            stack=stack,
            outcome=outcome,
            counts=events.counts,
            changes=events.changes,
            error=error,
            seconds=time.monotonic() - started,
        )

    @contextmanager
    def open(self, stacks: Sequence[str]) -> Iterator[Session]:
        """While inside, SIGINT and SIGTERM stop the session between two resources."""

        def say_so() -> None:
            for stack in stacks:
                self.on_progress(Progress(stack=stack, phase="stopping"))

        with self.engines.signals(say_so):
            yield self

    def _outcome(self, status: int, error: str) -> tuple[Outcome, str]:
        if status == 0:
            return "done", ""
        if any(words in error for words in LOCKED):
            return "busy", error
        if self.engines.interrupted:
            return "interrupted", AGAIN
        return "failed", error or f"The engine ended with status {status} and said nothing."

    def _guarded(self, job: Job, stack: str) -> StackResult:
        started = time.monotonic()
        if self.engines.interrupted:
            result = StackResult(stack=stack, outcome="interrupted", error=AGAIN)
        else:
            self.on_progress(Progress(stack=stack, phase="starting"))
            try:
                result = job(stack)
            except BusyError as error:
                result = StackResult(stack=stack, outcome="busy", error=str(error))
            except TenantryError as error:
                seconds = time.monotonic() - started
                result = StackResult(stack=stack, outcome="failed", error=str(error), seconds=seconds)
        self.on_progress(Progress(stack=stack, phase="ended", result=result))
        return result


def _plain_errors(text: str) -> str:
    """What the engine says on its standard error, without the plugins' chatter."""
    found = re.search(r"^error: .*", text, re.MULTILINE | re.DOTALL)
    return found.group().removeprefix("error: ").strip() if found else ""
