"""Which page is made by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tenantry.reference.command_line import command_line
from tenantry.reference.model_file import model_file
from tenantry.reference.tenant_file import tenant_file

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "cli.md": command_line,
    "tenant-reference.md": tenant_file,
    "model-reference.md": model_file,
}
"""File below docs/ → its whole text."""
