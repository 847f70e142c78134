"""`tenantry diff`: what the edited files would change on the clusters."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from tenantry.cli.options import RootOption
from tenantry.cli.output import out, write, write_json
from tenantry.cli.project import find_root

DIFFERENT = 1
"""Exit code with --exit-code, as `git diff --exit-code` has it."""

Format = Literal["text", "markdown", "json"]


RevisionArgument = Annotated[str, typer.Argument(metavar="[REVISION]", help="Branch, tag or commit to compare with.")]
FormatOption = Annotated[
    Format, typer.Option("--output", "-o", help="For a person, a pull request's comment, or a program.")
]
CodeOption = Annotated[
    Literal["each", "revision", "worktree"],
    typer.Option(
        "--code",
        help="Whose program renders: each side's own; the revision's for both, so that nothing unreviewed runs; or "
        "the working tree's for both.",
    ),
]
ExitCodeOption = Annotated[bool, typer.Option("--exit-code", help="Leave with 1 if anything differs.")]


def diff(
    revision: RevisionArgument = "HEAD",
    output: FormatOption = "text",
    code: CodeOption = "each",
    *,
    exit_code: ExitCodeOption = False,
    root: RootOption = None,
) -> int:
    """Show what edited files change, against a git revision.

    Both sides are rendered in full, offline: resources added, changed with each changed field, and removed; then the
    change of quotas and of the monthly cost. The state of a cluster plays no part: for that, see tenantry preview.

    Examples:
        tenantry diff
        tenantry diff origin/main --output markdown
    """
    from tenantry.diff import diff_revision, print_text, to_json, to_markdown  # noqa: PLC0415 - 1 s

    found = diff_revision(find_root(root), revision, code=code)
    if output == "json":
        write_json(to_json(found))
    elif output == "markdown":
        write(to_markdown(found))
    else:
        print_text(found, out())
    return DIFFERENT if exit_code and found.stacks else 0
