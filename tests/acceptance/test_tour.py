"""The README's tour, run as it is written: every command, in its order, and what it prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenantry.sandbox.toolchain import ensure

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Each command of the console blocks, with the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(BLOCK.findall(text)).splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line.rstrip())
    return found


def matches(shown: list[str], printed: list[str]) -> bool:
    """Whether the printed lines are the shown ones, `…` alone standing for any lines and inside one for any text."""
    if not shown:
        return not printed
    if shown[0] == "…":
        return any(matches(shown[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    pattern = re.escape(shown[0]).replace("…", ".*")
    return bool(printed) and bool(re.fullmatch(pattern, printed[0])) and matches(shown[1:], printed[1:])


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A repository of its own with this one's program and data; its sandbox is stopped in the end."""
    root = tmp_path / "tenantry"
    root.mkdir()
    shutil.copy2(ROOT / "Pulumi.yaml", root)
    (root / ".gitignore").write_text(".venv\n.tenantry/\n__pycache__/\n")
    for folder in ("tenants", "infra", "components", "src"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".venv").symlink_to(sys.prefix)
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "As it is"]):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments], cwd=root, check=True)
    yield root
    run(root, "tenantry sandbox down --purge --yes")


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


def test_the_tour_prints_what_the_readme_shows(checkout: Path) -> None:
    tour = steps((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(tour) > 8
    for command, shown in tour:
        printed = run(checkout, command)
        assert matches(shown, printed), f"$ {command}\n" + "\n".join(printed)


def test_a_wildcard_matches_only_what_it_stands_for() -> None:
    assert matches(["a …", "…", "z"], ["a 1", "b", "c", "z"])
    assert not matches(["a …"], ["b 1"])
    assert not matches(["a"], ["a", "b"])
    assert not matches(["a", "…", "z"], ["a", "y"])
