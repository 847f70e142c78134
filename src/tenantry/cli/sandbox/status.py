"""`tenantry sandbox status`: is every part well?"""

from __future__ import annotations

from dataclasses import asdict

from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption
from tenantry.cli.output import out, print_table, say, table, write_json
from tenantry.cli.project import find_root
from tenantry.cli.sandbox.place import sandbox_of

UNWELL = 3
"""Exit code while a part is not well or does not run."""


def status(*, output: FormatOption = "text", environment: EnvironmentOption = None, root: RootOption = None) -> int:
    """Show how every process of the sandbox is.

    Leaves with 3 if any is not well.

    Examples:
        tenantry sandbox status
    """
    from rich.text import Text  # noqa: PLC0415 - 0.1 s

    sandbox, _ = sandbox_of(find_root(root), environment)
    found = sandbox.status()
    if output == "json":
        parts = [{**asdict(part), "healthy": part.healthy} for part in found.parts]
        nodes = {"nodes": found.nodes, "nodes_ready": found.nodes_ready}
        write_json({"healthy": found.healthy, "folder": str(found.folder), **nodes, "parts": parts})
        return 0 if found.healthy else UNWELL
    rows = [
        (
            part.name,
            "-" if part.pid is None else str(part.pid),
            "-" if part.port is None else str(part.port),
            _age(part.uptime),
            Text("well" if part.healthy else part.complaint, style="green" if part.healthy else "red"),
        )
        for part in found.parts
    ]
    headings = ("PART", "PID", "PORT", "UP", "HEALTH")
    print_table(table(headings, rows, right=headings[1:4]), out())
    say(
        f"{found.nodes_ready} of {found.nodes} nodes ready.{'' if found.healthy else ' Repair it: tenantry sandbox up'}"
    )
    return 0 if found.healthy else UNWELL


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}m" if hours else f"{minutes}m{rest:02d}s"
