"""`tenantry schema`: what an editor needs to check the files that teams write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from tenantry.cli.failure import UsageError
from tenantry.cli.options import RootOption
from tenantry.cli.output import say, write
from tenantry.cli.project import find_root
from tenantry.errors import InputError, Problem

Kind = Literal["tenant", "model"]

FILES: Final[Mapping[Kind, str]] = {"tenant": "tenants/tenant.schema.json", "model": "tenants/model.schema.json"}
"""Where the first line of each file of a kind looks for its schema, relative to the root."""

KindArgument = Annotated[Kind, typer.Argument(metavar="[KIND]", help="Whose schema is printed: tenant, or model.")]
WriteOption = Annotated[bool, typer.Option("--write", help=f"Write {' and '.join(FILES.values())} instead.")]
CheckOption = Annotated[bool, typer.Option("--check", help="Leave with 1 if one of these files is not up to date.")]


def schema(
    kind: KindArgument = "tenant",
    *,
    write_file: WriteOption = False,
    check: CheckOption = False,
    root: RootOption = None,
) -> int:
    """Print the JSON Schema of a tenant's file, or of a model's.

    Editors with yaml-language-server (VS Code, Neovim, IntelliJ …) complete and check these files with it.

    Examples:
        tenantry schema
        tenantry schema model
        tenantry schema --write
    """
    if write_file and check:
        raise UsageError("--write and --check exclude each other: write the schemas, or ask whether they are right.")
    if not (write_file or check):
        write(_texts()[kind]())
        return 0
    base = find_root(root)
    stale = [one for one in FILES if not _is_fresh(base, one)]
    if check and stale:
        fix = "Write it anew: tenantry schema --write"
        raise InputError(Problem(FILES[one], 1, 1, "", "is not what the models say", fix) for one in stale)
    for one, file in FILES.items():
        if one in stale:
            (base / file).write_text(_texts()[one](), encoding="utf-8", newline="\n")
        say(f"Wrote {file}." if one in stale else f"{file} is up to date.")
    return 0


def _texts() -> Mapping[Kind, Callable[[], str]]:
    from tenantry.schema import served_model_schema_text, tenant_schema_text  # noqa: PLC0415 - 0.4 s

    return {"tenant": tenant_schema_text, "model": served_model_schema_text}


def _is_fresh(root: Path, kind: Kind) -> bool:
    file = root / FILES[kind]
    return file.exists() and file.read_bytes() == _texts()[kind]().encode()
