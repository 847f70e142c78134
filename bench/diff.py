"""One changed tenant against a git revision, among few and among many others."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path

from bench.generate import tenant_id, write
from bench.measure import Row, cpu, median_of
from tenantry.diff import diff_revision
from tenantry.names import tenant_file

FEW, MANY = 10, 1000

CHANGED = tenant_id(3)


def measure(runs: int, folder: Path) -> list[Row]:
    """CPU of the difference, git's included, among 1,000 tenants over that among 10."""
    few, many = _repository(folder / str(FEW), FEW), _repository(folder / str(MANY), MANY)
    diff_revision(few, "HEAD")
    small, large = median_of(3 * runs, cpu, partial(diff_revision, few, "HEAD"), partial(diff_revision, many, "HEAD"))
    return [
        Row("diff", f"1 changed of {FEW}", small, "CPU a run", 3 * runs),
        Row("diff", f"1 changed of {MANY}", large, "CPU a run", 3 * runs, large / small, "at most 1.2"),
    ]


def _repository(root: Path, tenants: int) -> Path:
    write(root, tenants)
    identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Tenants"]):
        subprocess.run(["git", "-C", str(root), *identity, *command], check=True)
    file = root / tenant_file(CHANGED)
    file.write_text(file.read_text("utf-8").replace("cost_center: CC-", "cost_center: CD-"), "utf-8")
    return root
