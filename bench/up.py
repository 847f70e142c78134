"""Bringing up one tenant through the engine, against `kubectl apply` of the same objects."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.generate import ENVIRONMENT, tenant_id, tenant_yaml, write
from bench.measure import Row, median_of, say, wall
from tenantry.catalog import load_environment
from tenantry.engine import runs as engine
from tenantry.engine.workspace import SANDBOX, Workspace, workspace
from tenantry.names import platform_stack, tenant_file, tenant_stack
from tenantry.render import render_stack
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.toolchain import CLUSTER, ensure

ROOT = Path(__file__).resolve().parents[1]

SAMPLE = 8
"""Number of the generated tenant that is brought up: one with GPUs, and so with every kind of object."""


def measure(runs: int, folder: Path) -> list[Row]:
    """Seconds until one new tenant's objects are in the cluster, and until a second run finds nothing to do.

    Both get tenants of the same file but the id, so the same objects. One pair runs before the clock does.
    """
    names = {who: [f"{who}-{number}" for number in range(runs + 1)] for who in ("engine", "kubectl")}
    _project(folder, [name for each in names.values() for name in each])
    with _sandbox(folder) as box:
        say("  the platform's stack …")
        place = workspace(folder, ENVIRONMENT)
        _up(place, platform_stack(ENVIRONMENT))
        stacks = iter([tenant_stack(name, ENVIRONMENT) for name in names["engine"]])
        files = iter([_objects(folder, name) for name in names["kubectl"]])
        _up(place, last := next(stacks))
        _apply(box, same := next(files))
        say("  tenants …")
        by_engine, by_kubectl = median_of(
            runs, wall, lambda: _up(place, next(stacks)), lambda: _apply(box, next(files))
        )
        again, applied = median_of(runs, wall, lambda: _up(place, last), lambda: _apply(box, same))
    return [
        Row("up", "kubectl apply, new tenant", by_kubectl, "wall a run", runs),
        Row("up", "engine, new tenant", by_engine, "wall a run", runs, by_engine / by_kubectl),
        Row("up", "kubectl apply, no change", applied, "wall a run", runs),
        Row("up", "engine, no change", again, "wall a run", runs, again / applied),
    ]


def _project(folder: Path, tenants: Sequence[str]) -> None:
    # Pools for the GPUs of all of them: every one is of the kind that two of ten are.
    write(folder, 0, room_for=len(tenants) * 5)
    for name in tenants:
        file = folder / tenant_file(name)
        file.parent.mkdir(parents=True)
        file.write_text(tenant_yaml(SAMPLE).replace(tenant_id(SAMPLE), name), "utf-8")
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    for file in (ROOT / "infra").glob("*.py"):
        shutil.copy(file, folder / "infra")
    (folder / ".venv").symlink_to(sys.prefix)


@contextmanager
def _sandbox(folder: Path) -> Iterator[Sandbox]:
    programs = ensure(CLUSTER)
    box = Sandbox(folder / SANDBOX, load_environment(folder, ENVIRONMENT), programs)
    try:
        say("  a sandbox …")
        box.up()
        yield box
    finally:
        box.down(purge=True)


def _up(place: Workspace, stack: str) -> None:
    [result] = engine.up(place, [stack])
    if result.outcome != "done":
        raise RuntimeError(f"{stack}: {result.outcome}: {result.error}")


def _objects(folder: Path, tenant: str) -> Path:
    file = folder / f"{tenant}.yaml"
    file.write_text(render_stack(folder, tenant_stack(tenant, ENVIRONMENT)).to_yaml(), "utf-8")
    return file


def _apply(box: Sandbox, file: Path) -> None:
    command = ["kubectl", "apply", "--server-side", "-f", str(file)]
    subprocess.run(command, env=box.env(), check=True, stdout=subprocess.DEVNULL)
