"""`tenantry preview`: what `up` would do, from state and cluster."""

from __future__ import annotations

from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption, TenantsArgument
from tenantry.cli.output import out, write_json
from tenantry.cli.plan import document, print_changes, print_counts, print_errors
from tenantry.cli.stack_progress import PLAN_WORDS, watching
from tenantry.cli.targets import PlatformOption, RefreshOption, choose


def preview(
    tenants: TenantsArgument = None,
    *,
    environment: EnvironmentOption = None,
    platform: PlatformOption = None,
    refresh: RefreshOption = False,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Show what `up` would do to each stack; change nothing.

    The engine compares what the files ask for with the state of the last run. Leaves with 3 if a stack cannot be
    previewed; the others are shown all the same.

    Examples:
        tenantry preview
        tenantry preview vision --refresh
    """
    from tenantry.engine import runs  # noqa: PLC0415 - only for runs
    from tenantry.engine.results import exit_code  # noqa: PLC0415 - only for runs

    targets = choose(root, environment, tenants or (), platform=platform)
    with watching("Planning", len(targets.stacks), PLAN_WORDS) as on_progress:
        results = runs.preview(targets.workspace, targets.stacks, on_progress, refresh=refresh)
    if output == "json":
        write_json(document(results))
        return exit_code(results)
    console = out()
    print_changes(results, console)
    print_counts(results, console)
    print_errors(results, console)
    return exit_code(results)
