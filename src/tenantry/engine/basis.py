"""What a plan stands on: a digest that changes when the same preview might say something else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tenantry
from tenantry import names
from tenantry.engine.state import StackState, read_state

if TYPE_CHECKING:
    from tenantry.engine.workspace import Workspace

CODE: Final = ("Pulumi.yaml", "pyproject.toml", "uv.lock", "infra", "components")
"""What every stack is made by, relative to the root; the package itself comes on top."""


def basis(workspace: Workspace, stack: str, state: StackState | None) -> str:
    """Digest of the code, the data, the stack's state and the platform's outputs; not of what lives in the cluster."""
    digest = hashlib.sha256()
    for file in _files(workspace.root, stack):
        digest.update(f"{file}\0".encode())
        digest.update(file.read_bytes())
    digest.update(json.dumps([_version(state), _platform(workspace, stack)], sort_keys=True).encode())
    return digest.hexdigest()


def _files(root: Path, stack: str) -> Iterator[Path]:
    tenant, _ = names.split_stack(stack)
    data = root / "tenants" if tenant == names.PLATFORM else (root / names.tenant_file(tenant)).parent
    for path in (*(root / part for part in CODE), Path(tenantry.__file__).parent, data):
        if path.is_file():
            yield path
        yield from sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _version(state: StackState | None) -> object:
    return None if state is None else [str(state.updated), len(state.resources), len(state.pending)]


def _platform(workspace: Workspace, stack: str) -> object:
    platform = names.platform_stack(names.split_stack(stack)[1])
    state = None if stack == platform else read_state(workspace, platform)
    return None if state is None else dict(state.outputs)
