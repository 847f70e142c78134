"""Which model a verb is about, and the arguments by which it is named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tenantry.cli.project import find_root, known_word, nearest_root, tenant_ids
from tenantry.names import model_file


@dataclass(frozen=True)
class Place:
    """One model's file."""

    root: Path
    tenant: str
    model: str

    @property
    def path(self) -> str:
        """The file, relative to the root."""
        return model_file(self.tenant, self.model)


def model_ids(root: Path, tenant: str) -> list[str]:
    """Every model of a tenant that has a file, sorted. No file is read."""
    return sorted(file.stem for file in (root / model_file(tenant, "x")).parent.glob("*.yaml"))


def complete_model(ctx: typer.Context, incomplete: str) -> list[str]:
    """Models of the tenant before it whose names begin like that. Lists a folder, reads no file."""
    root, tenant = ctx.params.get("root") or nearest_root(Path.cwd()), ctx.params.get("tenant")
    # Something else than a tenant's id must not be made into a path.
    known = model_ids(root, tenant) if root and tenant in tenant_ids(root) else []
    return [name for name in known if name.startswith(incomplete)]


ModelArgument = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="Its id, as in tenants/TENANT/models/ID.yaml.", autocompletion=complete_model),
]


def find_model(root: Path | None, tenant: str, model: str) -> Place:
    """A model that has a file.

    Raises:
        UsageError: no such repository, tenant or model.
    """
    base = find_root(root)
    known_word(tenant, tenant_ids(base), "tenant")
    return Place(base, tenant, known_word(model, model_ids(base, tenant), f"model of {tenant}"))
