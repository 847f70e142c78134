"""Runs a project's program in the project's own Python. Imports nothing but the standard library and the SDK.

It is started by the path of this file, because the project's environment need not hold Tenantry. Options and exit
codes are those of the official host's runner.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOLD = 32
"""Exit code: the person has been told what is wrong."""


def main() -> int:
    """Run the program that the command line names; its exit code."""
    arguments = _arguments()
    try:
        import pulumi.runtime  # noqa: PLC0415 - its absence is the person's to mend
    except ImportError:
        traceback.print_exc()
        print(f"The Pulumi SDK is not in {sys.prefix}. Install it there, or mend runtime.options in Pulumi.yaml.")
        return 1
    _configure(arguments)
    sys.argv = [arguments.program, *arguments.arguments]
    os.chdir(arguments.pwd)
    # Where a deployment fails, futures are left that nobody awaits; asyncio would tell of each.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        _run(arguments.program, arguments.parallel)
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except Exception:
        pulumi.log.error(f"Program failed with an unhandled exception:\n{_traceback(arguments.program)}")
        return TOLD
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("monitor", "engine", "project", "root_directory", "stack", "organization", "dry_run"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--pwd", default=".")
    parser.add_argument("--parallel", type=int, default=1)
    parser.add_argument("program")
    parser.add_argument("arguments", nargs="*")
    return parser.parse_args()


def _configure(arguments: argparse.Namespace) -> None:
    from pulumi import runtime  # noqa: PLC0415 - see main

    runtime.set_all_config(runtime.get_config_env(), runtime.get_config_secret_keys_env())
    runtime.configure(
        runtime.Settings(
            project=arguments.project,
            root_directory=arguments.root_directory,
            stack=arguments.stack,
            parallel=arguments.parallel,
            engine=arguments.engine,
            monitor=arguments.monitor,
            dry_run=arguments.dry_run == "true",
            organization=arguments.organization,
        )
    )


def _run(program: str, parallel: int) -> None:
    from pulumi import runtime  # noqa: PLC0415 - see main

    async def run() -> None:
        # The SDK waits for calls to the engine in threads, several for each resource under way.
        with ThreadPoolExecutor(max(parallel, 1) * 4) as threads:
            asyncio.get_running_loop().set_default_executor(threads)
            await runtime.run_in_stack(lambda: _program(program))

    asyncio.run(run())


def _program(program: str) -> None:
    runpy.run_path(program, run_name="__main__")


def _traceback(program: str) -> str:
    """The current exception, without the frames that lead to the program."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    folder = Path(program).resolve()
    folder = folder if folder.is_dir() else folder.parent
    first = next((index for index, frame in enumerate(frames) if Path(frame.filename).is_relative_to(folder)), 0)
    return traceback.format_exc(limit=first - len(frames))


def _leave(status: list[int]) -> None:
    """Leave at once. Taking the SDK's hundred thousand objects apart takes Python 0.2 s of every run, for nothing."""
    if status:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status[0])


if __name__ == "__main__":
    ended: list[int] = []
    # Registered first, so it is called last: after every thread has ended, and all that the program has registered.
    atexit.register(_leave, ended)
    ended.append(main())
    sys.exit(ended[0])
