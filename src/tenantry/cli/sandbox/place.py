"""Which sandbox a verb is about: the project's own, as its environment describes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tenantry.cli.failure import UsageError
from tenantry.cli.project import environment_ids, known_word

if TYPE_CHECKING:
    from tenantry.environment import EnvironmentSpec
    from tenantry.sandbox.control_plane import Sandbox


def sandbox_of(root: Path, environment: str | None) -> tuple[Sandbox, EnvironmentSpec]:
    """The project's sandbox, and the environment that it is.

    Raises:
        UsageError: no environment, or more than one, is a sandbox, or the named one is none.
        InputError: its file cannot be accepted.
    """
    from tenantry.engine.workspace import SANDBOX  # noqa: PLC0415 - only for the sandbox
    from tenantry.sandbox.control_plane import Sandbox  # noqa: PLC0415 - only for the sandbox

    spec = _environment(root, environment)
    return Sandbox(root / SANDBOX, spec), spec


def _environment(root: Path, given: str | None) -> EnvironmentSpec:
    from tenantry.catalog import load_environment  # noqa: PLC0415 - 0.4 s

    known = environment_ids(root)
    asked = [known_word(given, known, "environment")] if given else known
    found = [spec for name in asked if (spec := load_environment(root, name)).cluster.kind == "sandbox"]
    if len(found) == 1:
        return found[0]
    if given:
        raise UsageError(f"{given} is no sandbox: the cluster.kind of infra/environments/{given}.yaml says so.")
    if not found:
        raise UsageError("no environment is a sandbox. Add a file to infra/environments with cluster.kind: sandbox.")
    names = [spec.id for spec in found]
    raise UsageError(f"which sandbox? There are {', '.join(names)}. Name one: --env {names[0]}.")
