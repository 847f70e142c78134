"""`tenantry add`: a new team's file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tenantry.cli.ask import DECLINED, agreed
from tenantry.cli.failure import UsageError
from tenantry.cli.options import RootOption, YesOption, complete_environment
from tenantry.cli.output import say, write
from tenantry.cli.project import find_root
from tenantry.cli.tenant_draft import draft
from tenantry.errors import InputError, Problem
from tenantry.names import tenant_file

TenantArgument = Annotated[
    str | None, typer.Argument(metavar="[TENANT]", help="Its id, for good: a DNS label.", show_default=False)
]
TeamOption = Annotated[str | None, typer.Option(metavar="NAME", help="Name of the team, for people.")]
EmailOption = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Address of the whole team.")]
OnCallOption = Annotated[str | None, typer.Option(metavar="ROTA", help="Who is called when it breaks.")]
CostCenterOption = Annotated[str | None, typer.Option(metavar="CODE", help="Who pays.")]
TierOption = Annotated[str | None, typer.Option(metavar="NAME", help="Default: the environment's default tier.")]
EnvironmentsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--env",
        "-e",
        metavar="NAME",
        help="Where it lives; once or more. Default: the only environment, or those that say by_default.",
        autocompletion=complete_environment,
    ),
]
AdminOption = Annotated[
    list[str] | None, typer.Option(metavar="GROUP", help="Group that runs the team's platform; once or more.")
]
DeveloperOption = Annotated[
    list[str] | None, typer.Option(metavar="GROUP", help="Group that deploys models; any number of times.")
]
ViewerOption = Annotated[list[str] | None, typer.Option(metavar="GROUP", help="Group that looks; any number of times.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Print the file and write nothing.")]


def add(
    tenant: TenantArgument = None,
    *,
    team: TeamOption = None,
    email: EmailOption = None,
    on_call: OnCallOption = None,
    cost_center: CostCenterOption = None,
    tier: TierOption = None,
    environment: EnvironmentsOption = None,
    admin: AdminOption = None,
    developer: DeveloperOption = None,
    viewer: ViewerOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    root: RootOption = None,
) -> int:
    """Write the file of a new tenant; ask for what is missing.

    The file is checked together with all others before it is written, and an existing one is never touched.

    Examples:
        tenantry add
        tenantry add robotics --dry-run --team Robotics --email robotics@example.com
            --on-call robotics-primary --cost-center CC-4711 --admin ml-robotics
    """
    from tenantry.cli.add_questions import Given, complete  # noqa: PLC0415 - 0.4 s

    base = find_root(root)
    given = Given(
        id=tenant,
        team=team,
        email=email,
        on_call=on_call,
        cost_center=cost_center,
        tier=tier,
        environments=environment,
        admins=admin,
        developers=developer,
        viewers=viewer,
    )
    answers, home = complete(base, given)
    text = draft(answers, home)
    if problems := new_problems(base, answers.id, text):
        raise InputError(problems)
    if dry_run:
        write(text)
        return 0
    file = tenant_file(answers.id)
    if not yes:
        write(text)
    if not agreed(f"Write {file}?", yes=yes):
        say("Nothing was written.")
        return DECLINED
    create(base / file, text)
    say(f"Wrote {file}. Next: tenantry show {answers.id}, tenantry diff, tenantry up {answers.id}.", "green")
    return 0


def new_problems(root: Path, tenant: str, text: str) -> list[Problem]:
    """What would be wrong with the new file and, because of it, with others. Nothing in the repository is touched."""
    with tempfile.TemporaryDirectory(prefix="tenantry-") as folder:
        copy = Path(folder)
        for part in ("tenants", "infra/environments"):
            shutil.copytree(root / part, copy / part, symlinks=True)
        before = _problems(copy)
        create(copy / tenant_file(tenant), text)
        return sorted(_problems(copy) - before)


def _problems(root: Path) -> set[Problem]:
    from tenantry.catalog import load_catalog  # noqa: PLC0415 - 0.4 s

    try:
        load_catalog(root)
    except InputError as error:
        return set(error.problems)
    return set()


def create(file: Path, text: str) -> None:
    """Write a new file, with line feeds on every system.

    Raises:
        UsageError: it is there already. It stays as it is.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except FileExistsError:
        raise UsageError(f"{file} is there already and stays as it is. Edit it, or choose another id.") from None
