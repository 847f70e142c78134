"""`tenantry validate`: is what people wrote acceptable?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tenantry.cli.failure import UsageError, plural
from tenantry.cli.options import RootOption
from tenantry.cli.output import say, write, write_json
from tenantry.cli.project import find_root
from tenantry.errors import InputError, Problem

if TYPE_CHECKING:
    from tenantry.catalog import Catalog

Format = Literal["text", "json", "github"]

PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATH]...", help="Files or folders to report on. Default: all.", show_default=False),
]
FormatOption = Annotated[
    Format, typer.Option("--output", "-o", help="For a person, a program, or GitHub's annotations of a pull request.")
]


def validate(paths: PathsArgument = None, output: FormatOption = "text", root: RootOption = None) -> int:
    """Check the files of all tenants, models and environments.

    Each alone and all against each other. Shows all problems of all files at once, each with its file, line and column
    and with what would be right. Leaves with 1 if there is any. With paths, everything is still read, but only
    problems there are reported.

    Examples:
        tenantry validate
        tenantry validate tenants/vision
        tenantry validate --output github
    """
    from tenantry.catalog import load_catalog  # noqa: PLC0415 - 0.4 s

    base = find_root(root)
    wanted = [_from_root(path, base) for path in paths or ()]
    try:
        catalog = load_catalog(base)
    except InputError as error:
        shown = [problem for problem in error.problems if _within(problem.path, wanted)]
        elsewhere = len(error.problems) - len(shown)
    else:
        return _valid(catalog, output)
    _report(shown, output)
    if elsewhere:
        say(f"{plural(elsewhere, 'problem')} elsewhere: tenantry validate", "dim")
    return InputError.exit_code if shown else 0


def _from_root(path: Path, root: Path) -> str:
    found = path if path.exists() else root / path
    if not found.exists():
        raise UsageError(f"there is no {path}. Name a file or a folder of the repository, as in tenants/vision.")
    if not found.resolve().is_relative_to(root):
        raise UsageError(f"{path} is not in the repository {root}.")
    return found.resolve().relative_to(root).as_posix()


def _within(path: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(place in (".", path) or path.startswith(f"{place}/") for place in wanted)


def _valid(catalog: Catalog, output: Format) -> int:
    tenants, environments = len(catalog.tenants), len(catalog.environments)
    models = sum(len(entry.models) for entry in catalog.tenants.values())
    if output == "json":
        found = {"tenants": tenants, "models": models, "environments": environments}
        write_json({"valid": True, **found, "problems": []})
    else:
        who = plural(tenants, "tenant") + (f" with {plural(models, 'model')}" if models else "")
        write(f"{who} in {plural(environments, 'environment')}: everything is valid.")
    return 0


def _report(problems: Sequence[Problem], output: Format) -> None:
    if output == "json":
        write_json({"valid": not problems, "problems": [asdict(problem) for problem in problems]})
        return
    for problem in problems:
        write(annotation(problem) if output == "github" else str(problem))
    if output == "text":
        say(summary(problems), "bold red" if problems else None)


def summary(problems: Iterable[Problem]) -> str:
    """How many problems there are in how many files, as a sentence."""
    paths = [problem.path for problem in problems]
    return f"{plural(len(paths), 'problem')} in {plural(len(set(paths)), 'file')}."


def annotation(problem: Problem, title: str = "tenantry validate") -> str:
    """A problem as GitHub's workflow command, which shows it at the line in the pull request.

    Source of the escapes: `toolkit/packages/core/src/command.ts` of actions.
    """
    place = f"file={_property(problem.path)},line={problem.line},col={problem.column}"
    key = f"{problem.key}: " if problem.key else ""
    return f"::error {place},title={title}::{_data(f'{key}{problem.sentences}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
