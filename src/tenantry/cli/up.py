"""`tenantry up`: make it true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tenantry.cli.ask import DECLINED, agreed, somebody_is_there
from tenantry.cli.failure import UsageError, plural
from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption, TenantsArgument, YesOption
from tenantry.cli.output import err, out, say, write_json
from tenantry.cli.plan import changed, document, print_changes, print_counts, print_errors
from tenantry.cli.stack_progress import DONE_WORDS, PLAN_WORDS, watching
from tenantry.cli.targets import PlatformOption, RefreshOption, Targets, choose

if TYPE_CHECKING:
    from tenantry.cli.options import Format
    from tenantry.engine.results import StackResult

ParallelOption = Annotated[
    int | None, typer.Option("--parallel", min=1, metavar="N", help="Stacks at a time. Default: one a CPU.")
]


def up(
    tenants: TenantsArgument = None,
    *,
    environment: EnvironmentOption = None,
    platform: PlatformOption = None,
    refresh: RefreshOption = False,
    parallel: ParallelOption = None,
    yes: YesOption = False,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Make the cluster what the files say: plan, ask, run.

    Nothing runs while any file is wrong (1). The platform's stack goes first, then the tenants side by side; one that
    fails never stops the others, and makes this leave with 3. Run again, it goes on where it stopped.

    Examples:
        tenantry up
        tenantry up vision nlp --env sandbox --yes
    """
    targets = choose(root, environment, tenants or (), platform=platform)
    if not yes and not somebody_is_there():
        raise UsageError("up asks before it changes anything, and this is no terminal. Agree beforehand with --yes.")
    plan = _plan(targets, refresh=refresh, parallel=parallel)
    todo = changed(plan)
    if not todo:
        return _report(plan, output)
    print_changes(plan, err())
    print_counts(plan, err())
    print_errors(plan, err())
    if not agreed(_question(todo, targets.environment), yes=yes):
        say("Nothing was changed.")
        return DECLINED
    return _report(_run(targets, plan, refresh=refresh, parallel=parallel), output)


def _plan(targets: Targets, *, refresh: bool, parallel: int | None) -> list[StackResult]:
    from tenantry.engine import runs  # noqa: PLC0415 - only for runs

    with watching("Planning", len(targets.stacks), PLAN_WORDS) as on_progress:
        return runs.preview(targets.workspace, targets.stacks, on_progress, refresh=refresh, parallel=parallel)


def _run(targets: Targets, plan: Sequence[StackResult], *, refresh: bool, parallel: int | None) -> list[StackResult]:
    from tenantry.engine import runs  # noqa: PLC0415 - only for runs

    stacks = [result.stack for result in changed(plan)]
    with watching("Running", len(stacks), DONE_WORDS) as on_progress:
        done = runs.up(targets.workspace, stacks, on_progress, plan=plan, refresh=refresh, parallel=parallel)
    results = {result.stack: result for result in (*plan, *done)}
    return list(results.values())


def _question(todo: Sequence[StackResult], environment: str) -> str:
    lost = sum(result.counts["delete"] + result.counts["replace"] for result in todo)
    losing = f", deleting {plural(lost, 'resource')}" if lost else ""
    return f"Change {plural(len(todo), 'stack')} of {environment}{losing}?"


def _report(results: Sequence[StackResult], output: Format) -> int:
    from tenantry.engine.results import exit_code  # noqa: PLC0415 - only for runs

    if output == "json":
        write_json(document(results))
    else:
        print_counts(results, out())
        print_errors(results, err())
    return exit_code(results)
