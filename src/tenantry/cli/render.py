"""`tenantry render`: the complete resources, without an engine, a cluster or credentials."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenantry.cli.failure import UsageError, plural
from tenantry.cli.options import EnvironmentOption, RootOption, TenantsArgument
from tenantry.cli.output import say, write
from tenantry.cli.project import choose_environment, choose_tenants, find_root
from tenantry.names import platform_stack, tenant_stack

if TYPE_CHECKING:
    from tenantry.render import RenderedStack

MARK = ".tenantry-render"
"""File that says that a folder was made by this command and may be made anew."""

_STACK = re.compile(r"[a-z][-a-z0-9]*\.[a-z][-a-z0-9]*")

IntoOption = Annotated[
    Path | None,
    typer.Option(
        "--into",
        metavar="FOLDER",
        help="Write a file an object there, a folder a stack. Default: stdout.",
        show_default=False,
    ),
]
PlatformOption = Annotated[bool, typer.Option("--platform/--no-platform", help="Render the platform's stack too.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Write into a folder that holds other things.")]


def render(
    tenants: TenantsArgument = None,
    *,
    environment: EnvironmentOption = None,
    into: IntoOption = None,
    platform: PlatformOption = False,
    force: ForceOption = False,
    root: RootOption = None,
) -> int:
    """Print every object that tenants get as YAML, offline.

    It is exactly what `tenantry up` would apply: the same program runs, with nothing behind it. One stream that
    `kubectl apply -f -` takes, or with --into a file an object.

    Examples:
        tenantry render vision | kubectl diff -f -
        tenantry render --platform --into build/rendered
    """
    from tenantry.render import render_stacks  # noqa: PLC0415 - 1 s

    base = find_root(root)
    place = choose_environment(base, environment)
    stacks = chosen_stacks(base, place, tenants, platform=platform)
    rendered = render_stacks(base, stacks)
    if into is None:
        for stack in rendered:
            write(stack.to_yaml())
        return 0
    prepare(into, force=force)
    count = sum(_write_stack(into, stack) for stack in rendered)
    say(f"Wrote {plural(count, 'object')} of {plural(len(stacks), 'stack')} into {into}.")
    return 0


def chosen_stacks(root: Path, environment: str, tenants: Iterable[str] | None, *, platform: bool) -> list[str]:
    """Stacks of the named tenants; of all that live in the environment where none is named.

    Raises:
        InputError: a file cannot be accepted, or a named tenant does not live there.
        UsageError: a named tenant does not exist.
    """
    from tenantry.catalog import load_catalog, load_tenant  # noqa: PLC0415 - 0.4 s

    if tenants:
        named = choose_tenants(root, list(tenants))
        for tenant in named:
            load_tenant(root, tenant, environment)
    else:
        named = list(load_catalog(root).living_in(environment))
    first = [platform_stack(environment)] if platform else []
    return [*first, *(tenant_stack(tenant, environment) for tenant in named)]


def prepare(folder: Path, *, force: bool) -> None:
    """Make a folder ready: one that an earlier run made is emptied, a new one is made.

    Raises:
        UsageError: it holds something that this command did not write.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder.")
    ours = (folder / MARK).exists()
    if folder.exists() and any(folder.iterdir()) and not ours and not force:
        raise UsageError(f"{folder} holds things that tenantry render did not write. Name another folder, or --force.")
    if ours:
        # Somebody may have edited the file: it names folders right here, and nothing beyond.
        for name in filter(_STACK.fullmatch, (folder / MARK).read_text().splitlines()):
            shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("")


def _write_stack(folder: Path, stack: RenderedStack) -> int:
    with (folder / MARK).open("a") as mark:
        mark.write(f"{stack.stack}\n")
    files = stack.to_files()
    (folder / stack.stack).mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / stack.stack / name).write_text(text, encoding="utf-8", newline="\n")
    return len(files)
