"""`tenantry check`: do the rendered resources keep tenants apart?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tenantry.cli.failure import UsageError, plural
from tenantry.cli.options import EnvironmentOption, RootOption, TenantsArgument
from tenantry.cli.output import say, write, write_json
from tenantry.cli.project import choose_tenants, environment_ids, find_root, known_word
from tenantry.errors import InputError
from tenantry.names import platform_stack, tenant_stack

if TYPE_CHECKING:
    from tenantry.catalog import Catalog
    from tenantry.policies.report import Report

Format = Literal["text", "json", "github"]

FormatOption = Annotated[
    Format, typer.Option("--output", "-o", help="For a person, a program, or GitHub's annotations of a pull request.")
]


def check(
    tenants: TenantsArgument = None,
    *,
    environment: EnvironmentOption = None,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Judge the rendered resources by the rules of isolation, offline.

    Every object that tenants would get is rendered and judged: pod security, quotas, the network's truth table, roles,
    admission, order. Leaves with 1 if a rule is broken that no exception in infra/policy-exceptions.yaml excuses.
    Every environment, unless one is named; with tenants named, their stacks alone.

    Examples:
        tenantry check
        tenantry check vision --env prod
        tenantry check --output github
    """
    from tenantry.catalog import load_catalog  # noqa: PLC0415 - 0.4 s
    from tenantry.policies import RULES, exceptions  # noqa: PLC0415 - 0.4 s
    from tenantry.policies.report import check_stacks  # noqa: PLC0415 - 0.4 s

    base = find_root(root)
    catalog = load_catalog(base)
    stacks = chosen_stacks(base, catalog, tenants, environment)
    excused = exceptions.load(base, RULES, today())
    everything = {*catalog.stacks(), *(platform_stack(name) for name in catalog.environments)}
    report = check_stacks(base, stacks, excused, everything)
    show(report, output)
    return 0 if report.passed else InputError.exit_code


def today() -> date:
    """The day, in UTC: wherever a check runs, exceptions end at the same time."""
    return datetime.now(UTC).date()


def chosen_stacks(
    root: Path, catalog: Catalog, tenants: Sequence[str] | None, environment: str | None
) -> tuple[str, ...]:
    """The stacks of the named tenants; of all, and the platform's, where none is named.

    Raises:
        UsageError: no such environment or tenant, or the tenant does not live there.
    """
    known = environment_ids(root)
    places = [known_word(environment, known, "environment")] if environment else known
    named = choose_tenants(root, list(tenants)) if tenants else None
    stacks = [] if named else [platform_stack(place) for place in places]
    for entry in catalog.tenants.values():
        if named is None or entry.id in named:
            stacks += [tenant_stack(entry.id, place) for place in places if place in entry.environments]
    if not stacks:
        raise UsageError(f"no stack to check: {', '.join(named or ())} does not live in {', '.join(places)}.")
    return tuple(stacks)


def show(report: Report, output: Format) -> None:
    """Print what was found."""
    if output == "json":
        write_json(report.to_json())
        return
    for line in _lines(report, output):
        write(line)
    if output == "text":
        for violation, by in report.excused:
            say(f"excused until {by.expires} by {by.owner}: {violation.rule.id} {violation.stack}: {by.reason}", "dim")
        say(summary(report), None if report.passed else "bold red")


def _lines(report: Report, output: Format) -> list[str]:
    from tenantry.cli.validate import annotation  # noqa: PLC0415 - another verb, only for its escapes
    from tenantry.policies.report import problem  # noqa: PLC0415 - 0.4 s

    if output == "text":
        return [*map(str, report.violations), *map(str, report.problems)]
    found = (*map(problem, report.violations), *report.problems)
    return [annotation(one, "tenantry check") for one in found]


def summary(report: Report) -> str:
    """What was found, as a sentence."""
    stacks = plural(len(report.stacks), "stack")
    if report.passed:
        return f"{stacks}: every rule holds."
    found = len(report.violations) + len(report.problems)
    return f"{plural(found, 'problem')} in {stacks}."
