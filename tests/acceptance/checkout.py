"""A checkout as a newcomer has it, and a shell in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tenantry.sandbox.toolchain import ensure

ROOT = Path(__file__).parents[2]


def make(root: Path) -> Path:
    """A repository of its own with this one's program and data, and this one's virtual environment."""
    root.mkdir()
    shutil.copy2(ROOT / "Pulumi.yaml", root)
    (root / ".gitignore").write_text(".venv\n.tenantry/\n__pycache__/\n")
    for folder in ("tenants", "infra", "components", "src"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".venv").symlink_to(sys.prefix)
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "As it is"]):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments], cwd=root, check=True)
    return root


def run(root: Path, command: str) -> list[str]:
    """What one command prints, in a shell with the virtual environment and the sandbox's programs on its PATH."""
    programs = {str(path.parent) for path in ensure(["kubectl", "pulumi"]).values()}
    path = os.pathsep.join([f"{sys.prefix}/bin", *sorted(programs), os.environ["PATH"]])
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "KUBE"))}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=root,
        env={**plain, "PATH": path, "COLUMNS": "200", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return [line.rstrip() for line in done.stdout.rstrip("\n").split("\n")] if done.stdout.strip() else []
