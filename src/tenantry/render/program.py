"""Running the program that `Pulumi.yaml` names, many times in one process."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import runpy
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any, ParamSpec, Self, TypeVar

import pulumi
import yaml
from pulumi.runtime import settings
from pulumi.runtime.stack import run_in_stack

from tenantry import names
from tenantry.errors import PlatformError, TenantryError
from tenantry.render.recorder import Recorder
from tenantry.render.stack import RenderedStack, in_order

P = ParamSpec("P")
T = TypeVar("T")

ORGANIZATION = "organization"
"""What Pulumi calls the organization wherever there is none."""


class Program:
    """The program of a repository, ready to be run. A context manager: it holds one event loop for all runs."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.project, self.main = find_program(self.root)
        self.platforms: dict[str, RenderedStack] = {}
        self.runner = asyncio.Runner()

    def __enter__(self) -> Self:
        loop = self.runner.get_loop()
        # The SDK hands every call to a thread. Here nothing blocks, and threads would make the order a matter of luck.
        loop.set_default_executor(_Inline())
        # The first error is raised; what it leaves behind needs no second report on the terminal.
        loop.set_exception_handler(lambda _loop, _context: None)
        return self

    def __exit__(self, *_: object) -> None:
        gc.unfreeze()
        self.runner.close()

    def render(self, stack: str) -> RenderedStack:
        """Run the program for one stack."""
        owner, environment = names.split_stack(stack)
        platform = names.platform_stack(environment)
        if owner == names.PLATFORM:
            return self._platform(platform)
        return self.run(self._main, stack, {platform: self._platform(platform).outputs})

    def run(
        self, main: Callable[[], Awaitable[None] | None], stack: str, others: Mapping[str, Mapping[str, Any]]
    ) -> RenderedStack:
        """Run any program, as the stack of that name.

        Args:
            main: The program: it declares resources, and may be asynchronous.
            stack: Its stack.
            others: What other stacks export, by their name.
        """
        recorder = Recorder(stack, self.project, others)
        # Pulumi keeps its state in context variables: as far as it can tell, a context of its own is a process.
        context = copy_context()
        context.run(self._configure, stack, recorder)
        try:
            with _short_traces():
                self.runner.run(run_in_stack(main), context=context)
        except pulumi.RunError as error:
            if isinstance(error.__cause__, TenantryError):
                raise error.__cause__ from None
            raise PlatformError(str(error)) from error
        return RenderedStack(stack, in_order(recorder.resources_seen), recorder.outputs)

    def _platform(self, stack: str) -> RenderedStack:
        if stack not in self.platforms:
            self.platforms[stack] = self.run(self._main, stack, {})
            # By now all is imported: a hundred thousand objects that the collector need not look at in every run.
            gc.freeze()
        return self.platforms[stack]

    def _main(self) -> None:
        runpy.run_path(str(self.main), run_name="__main__")

    def _configure(self, stack: str, recorder: Recorder) -> None:
        settings.reset_options(
            project=self.project, stack=stack, root_directory=str(self.root), preview=False, organization=ORGANIZATION
        )
        settings.SETTINGS.monitor = recorder


def find_program(root: Path) -> tuple[str, Path]:
    """The project's name and the file that Pulumi runs.

    A folder without a `Pulumi.yaml` holds data only; its program is the installed one.

    Raises:
        PlatformError: there is none.
    """
    home = root if (root / "Pulumi.yaml").is_file() else _installed()
    project = yaml.safe_load((home / "Pulumi.yaml").read_text("utf-8"))
    main = home / project.get("main", ".")
    main = main / "__main__.py" if main.is_dir() else main
    if not main.is_file():
        raise PlatformError(f"{home / 'Pulumi.yaml'} names the program {main}, which is no file. Correct its key main.")
    return project["name"], main


def _installed() -> Path:
    spec = importlib.util.find_spec("infra")
    if spec is None or spec.origin is None:
        raise PlatformError("the program is not installed: there is no package infra. Run uv sync in the repository.")
    return Path(spec.origin).parents[1]


@contextmanager
def _short_traces() -> Iterator[None]:
    """Spare the SDK a look at the whole call stack for every resource: nobody reads it here."""
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = 1
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


class _Inline(ThreadPoolExecutor):
    """Runs everything at once, in the thread that asks. A ThreadPoolExecutor, because asyncio takes nothing else."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future
