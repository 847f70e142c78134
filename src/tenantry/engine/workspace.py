"""How the engine is run for one environment: which program, which state, which cluster, which variables."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tenantry.engine.backend import Backend, backend
from tenantry.engine.passphrase import passphrase
from tenantry.environment import EnvironmentSpec
from tenantry.errors import PlatformError
from tenantry.sandbox.layout import Layout

SANDBOX: Final = ".tenantry/sandbox"
DEFAULTS: Final[Mapping[str, str]] = {
    # It asks the internet for a newer version, on every command.
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    # Without it, a run that lacks its Pulumi.<stack>.yaml makes up a new salt: the state's secrets are encrypted anew,
    # and a wrong passphrase is noticed only after a wrong salt was saved. With it, the salt in the state is taken.
    "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
}
"""What every run is told, whoever starts it."""


@dataclass(frozen=True)
class Workspace:
    """Everything that a run of the engine needs to know beforehand."""

    root: Path
    """The repository: where Pulumi.yaml lies."""
    environment: EnvironmentSpec
    project: str
    """Name of the Pulumi project; part of every URN and of the state's paths."""
    program: Path
    """The `pulumi` executable."""
    backend: Backend
    variables: Mapping[str, str]
    """What is set on top of the caller's own variables."""
    kubeconfig: Path | None
    """The sandbox's kubeconfig. None where the user's own applies."""

    def env(self) -> dict[str, str]:
        """The variables with which plain `pulumi` does what `tenantry` does: what `tenantry sandbox env` prints."""
        return dict(self.variables)

    def process_env(self) -> dict[str, str]:
        """The complete environment of an engine's process."""
        return {**os.environ, **self.variables}

    def pulumi(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """One short command of the engine, its output captured. It never asks; the caller reads its exit status."""
        return subprocess.run(
            [str(self.program), *arguments, "--non-interactive"],
            cwd=self.root,
            env=self.process_env(),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )


def workspace(root: Path, environment: str | EnvironmentSpec, variables: Mapping[str, str] = os.environ) -> Workspace:
    """Find out how the engine is run for an environment. Makes the folder of the default state and its passphrase.

    Args:
        root: The repository.
        environment: Its id, or what was already read of it.
        variables: The caller's environment variables; what the user has set there wins over every default.

    Raises:
        PlatformError: the engine is not there yet, or the sandbox is not up.
    """
    root = root.resolve()
    spec = _environment(root, environment)
    sandbox = spec.cluster.kind == "sandbox"
    project = _project(root)
    place = backend(root, project, variables, sandbox=sandbox)
    kubeconfig = _sandbox_kubeconfig(root) if sandbox else None
    program, path = _engine(root, variables, sandbox=sandbox)
    ours = _own_state(root, place, variables) if place.ours and place.folder else {}
    cluster = {"KUBECONFIG": str(kubeconfig)} if kubeconfig else {}
    found = {**DEFAULTS, **cluster, **ours, **_user(variables), "PATH": path}
    return Workspace(root, spec, str(project["name"]), program, place, found, kubeconfig)


def _environment(root: Path, environment: str | EnvironmentSpec) -> EnvironmentSpec:
    if isinstance(environment, EnvironmentSpec):
        return environment
    from tenantry.catalog import load_environment  # noqa: PLC0415 - YAML and pydantic, for those who need them

    return load_environment(root, environment)


def _project(root: Path) -> Mapping[str, Any]:
    from ruamel.yaml import YAML  # noqa: PLC0415 - costs 0.1 s

    file = root / "Pulumi.yaml"
    try:
        project = YAML(typ="safe", pure=True).load(file.read_text())
    except OSError as error:
        raise PlatformError(f"{file}: {error.strerror}. Run this at the root of a Tenantry repository.") from error
    if not isinstance(project, dict) or "name" not in project:
        raise PlatformError(f"{file}: it names no project. Restore it: git checkout {file.name}.")
    return project


def _own_state(root: Path, place: Backend, variables: Mapping[str, str]) -> dict[str, str]:
    assert place.folder is not None  # noqa: S101 - for mypy: a backend of ours is a folder
    place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {"PULUMI_BACKEND_URL": place.url, **passphrase(root, variables, state=place.folder)}


def _user(variables: Mapping[str, str]) -> dict[str, str]:
    """Who runs the engine, where nobody says so.

    An engine built without cgo looks the user id up in /etc/passwd and then in $USER, and fails where neither knows it:
    in containers that run as any user id, under cron.
    """
    if variables.get("USER"):
        return {}
    return {"USER": variables.get("LOGNAME") or f"uid-{os.getuid()}"}


def _sandbox_kubeconfig(root: Path) -> Path:
    file = Layout(root / SANDBOX).kubeconfig
    if not file.exists():
        raise PlatformError("The sandbox is not up. Start it: tenantry sandbox up.")
    return file


def _engine(root: Path, variables: Mapping[str, str], *, sandbox: bool) -> tuple[Path, str]:
    """The engine, and the PATH with which plain `pulumi` is the same one with the same plugins."""
    from tenantry.sandbox import plugins, toolchain  # noqa: PLC0415 - what only looks at a workspace needs neither

    found = [toolchain.find(name) for name in toolchain.ENGINE]
    program = found[toolchain.ENGINE.index("pulumi")]
    if program is None:
        raise PlatformError("The engine (pulumi) is not on this machine yet. Get it: make toolchain.")
    path = _path(*(str(file.parent) for file in found if file), variables.get("PATH", os.defpath))
    # A cluster that is no sandbox gets official plugins or none: the engine downloads them, or says why not.
    lacking = plugins.needed(path, _home(variables)) if sandbox else ()
    if lacking:
        path = _path(path, str(plugins.install(Layout(root / SANDBOX).engine / "plugins", lacking)))
    return program, path


def _path(*parts: str) -> str:
    """One PATH of several, each folder once, at its first place."""
    return os.pathsep.join(dict.fromkeys(folder for part in parts for folder in part.split(os.pathsep)))


def _home(variables: Mapping[str, str]) -> Path | None:
    return Path(variables["PULUMI_HOME"]).expanduser() if variables.get("PULUMI_HOME") else None
