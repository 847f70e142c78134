"""`tenantry schema`: what an editor needs to check a tenant's file."""

from __future__ import annotations

from typing import Annotated

import typer

from tenantry.cli.failure import UsageError
from tenantry.cli.options import RootOption
from tenantry.cli.output import say, write
from tenantry.cli.project import find_root
from tenantry.errors import InputError, Problem

FILE = "tenants/tenant.schema.json"
"""Where the first line of each tenant's file looks for it, relative to the root."""

WriteOption = Annotated[bool, typer.Option("--write", help=f"Write it to {FILE} instead.")]
CheckOption = Annotated[bool, typer.Option("--check", help=f"Leave with 1 if {FILE} is not up to date.")]


def schema(*, write_file: WriteOption = False, check: CheckOption = False, root: RootOption = None) -> int:
    """Print the JSON Schema of a tenant's file.

    Editors with yaml-language-server (VS Code, Neovim, IntelliJ …) complete and check tenant files with it.

    Examples:
        tenantry schema
        tenantry schema --write
    """
    from tenantry.schema import tenant_schema_text  # noqa: PLC0415 - 0.4 s

    if write_file and check:
        raise UsageError("--write and --check exclude each other: write the schema, or ask whether it is right.")
    text = tenant_schema_text()
    if not (write_file or check):
        write(text)
        return 0
    file = find_root(root) / FILE
    found = file.read_bytes() if file.exists() else b""
    if found == text.encode():
        say(f"{FILE} is up to date.")
    elif check:
        raise InputError(
            [Problem(FILE, 1, 1, "", "is not what the models say", "Write it anew: tenantry schema --write")]
        )
    else:
        file.write_text(text, encoding="utf-8", newline="\n")
        say(f"Wrote {FILE}.")
    return 0
