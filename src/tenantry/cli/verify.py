"""`tenantry verify`: whether the cluster keeps what Tenantry promises."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tenantry.cli.failure import UsageError, plural
from tenantry.cli.options import EnvironmentOption, RootOption, TenantsArgument
from tenantry.cli.output import err, out, print_table, table, write, write_json
from tenantry.cli.project import choose_environment, find_root

if TYPE_CHECKING:
    from tenantry.verify.check import Check, Result
    from tenantry.verify.network import Reach
    from tenantry.verify.run import OnResult

Format = Literal["text", "json", "junit", "html"]
KubeconfigOption = Annotated[
    Path | None,
    typer.Option(
        "--kubeconfig",
        metavar="FILE",
        help="Where the environment's context is. Default: the sandbox's own, else $KUBECONFIG.",
        show_default=False,
    ),
]
FullOption = Annotated[
    bool, typer.Option("--full", help="Do developers' work for real, too, in the tenants' namespaces; it is removed.")
]
NetworkOption = Annotated[
    bool,
    typer.Option("--network", help="With --full: start two pods and see that the network policies are enforced."),
]
ImageOption = Annotated[
    str | None,
    typer.Option(
        "--probe-image",
        metavar="IMAGE",
        help="Image of those pods, with httpd and nc. Default: busybox of Docker Hub.",
        show_default=False,
    ),
]
ReportOption = Annotated[Format, typer.Option("--output", "-o", help="For a person, a program, CI or a browser.")]


def verify(
    tenants: TenantsArgument = None,
    *,
    environment: EnvironmentOption = None,
    kubeconfig: KubeconfigOption = None,
    full: FullOption = False,
    network: NetworkOption = False,
    probe_image: ImageOption = None,
    output: ReportOption = "text",
    root: RootOption = None,
) -> int:
    """Check on the live cluster that every guard holds.

    One named check for each guard and each promise. Reads, asks and makes dry runs; nothing is changed. With --full
    developers' work is done for real in the tenants' namespaces, and removed. A check that does not hold is named, and
    makes this leave with 3.

    Examples:
        tenantry verify
        tenantry verify vision --output junit > verify.xml
        tenantry verify vision --env prod --full --network
    """
    from tenantry.catalog import load_catalog  # noqa: PLC0415 - 0.4 s
    from tenantry.verify.place import choose, connect, look  # noqa: PLC0415 - only here
    from tenantry.verify.plan import plan  # noqa: PLC0415 - only here
    from tenantry.verify.report import exit_code  # noqa: PLC0415 - only here

    if network and not full:
        raise UsageError("--network starts pods: agree to that with --full.")
    base = find_root(root)
    place = choose_environment(base, environment)
    catalog = load_catalog(base)
    chosen = choose(catalog, place, tenants or ())
    kube = connect(base, catalog.environments[place], kubeconfig)
    reach = _reach(kube.access.context, kubeconfig, probe_image) if network else None
    checks = plan(look(base, catalog, place, chosen, kube), full=full, reach=reach)
    results = _run(checks, place, output)
    if output == "text":
        _print(results)
    return exit_code(results)


def _reach(context: str, kubeconfig: Path | None, image: str | None) -> Reach:
    from tenantry.verify.network import IMAGE, Reach  # noqa: PLC0415 - only here

    return Reach(context, str(kubeconfig) if kubeconfig else None, image or IMAGE)


def _run(checks: Sequence[Check], environment: str, output: Format) -> list[Result]:
    from tenantry.verify import report, run  # noqa: PLC0415 - pytest costs 0.3 s

    with tempfile.TemporaryDirectory() as folder, _watching(len(checks)) as on_result:
        junit = Path(folder) / "verify.xml" if output == "junit" else None
        results = run.run(checks, on_result, junit)
        if junit:
            write(junit.read_text("utf-8"))
    if output == "json":
        write_json(report.document(environment, results))
    elif output == "html":
        write(report.html(environment, results))
    return results


@contextmanager
def _watching(total: int) -> Iterator[OnResult]:
    """On a terminal a bar with the check under way; elsewhere a line for each check that does not hold."""
    from rich import progress  # noqa: PLC0415 - only for runs

    console = err()
    columns = (progress.SpinnerColumn(), progress.BarColumn(20), progress.MofNCompleteColumn())
    name = progress.TextColumn("{task.description}", markup=False)
    with progress.Progress(*columns, name, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)

        def told(result: Result) -> None:
            bar.update(task, advance=1, description=result.name)
            if result.outcome != "passed":
                bar.console.print(f"{result.outcome}: {result.name}", style="red", soft_wrap=True)

        yield told


def _print(results: Sequence[Result]) -> None:
    from tenantry.verify.report import counts  # noqa: PLC0415 - only here

    owners = list(dict.fromkeys(result.name.partition("/")[0] for result in results))
    rows = []
    for owner in owners:
        found = counts([result for result in results if result.name.partition("/")[0] == owner])
        rows.append((owner, *(str(found[word]) for word in ("passed", "failed", "error"))))
    print_table(table(("OWNER", "PASSED", "FAILED", "ERROR"), rows, right=("PASSED", "FAILED", "ERROR")), out())
    broken = [result for result in results if result.outcome != "passed"]
    for result in broken:
        out().print(f"\n{result.name}: {result.title}.\n  {result.message}", soft_wrap=True)
    said = f"{plural(len(broken), 'check')} of {len(results)} did not hold." if broken else "Every check holds."
    out().print(f"\n{said}", style="bold red" if broken else "green", soft_wrap=True)
