"""Small projects for the tests of the model."""

from __future__ import annotations

import shutil
from pathlib import Path

CASES = Path(__file__).resolve().parents[1] / "cases"

TENANT = """\
id: vision
owner: {team: Computer Vision, email: ml-vision@example.com, on_call: vision-primary, cost_center: CC-1042}
access: {admins: [ml-vision-leads], developers: [ml-vision]}
"""


def project(folder: Path, case: Path | None = None) -> Path:
    """A case's files, or none, with the two environments of all cases unless it brings its own."""
    if case:
        shutil.copytree(case, folder, symlinks=True)
    if not (folder / "infra").exists():
        shutil.copytree(CASES / "environments", folder / "infra" / "environments")
    (folder / "tenants").mkdir(exist_ok=True)
    return folder


def add(root: Path, text: str | bytes = TENANT, tenant: str = "vision") -> Path:
    """Write a tenant's file."""
    file = root / "tenants" / tenant / "tenant.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file
