"""A Pulumi project in a folder, run with plain `pulumi`, the stand-ins and a state of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STACK = "vision.sandbox"
SETTINGS = """\
name: tests
main: infra/
stackConfigDir: .tenantry/stacks
runtime:
  name: python
  options:
    toolchain: uv
    virtualenv: {environment}
"""
OBJECTS = """\
import json
import pathlib
import pulumi

for name, (token, inputs) in json.loads(pathlib.Path(pulumi.get_root_directory(), "objects.json").read_text()).items():
    pulumi.CustomResource(token, name, inputs, pulumi.ResourceOptions(protect=False))
"""
"""A program that declares what `objects.json` says, without the cost of the typed SDK."""


@dataclass
class Project:
    """One project with one stack."""

    root: Path
    kubeconfig: Path
    pulumi: Path
    plugins: Path
    template: Path | None = None
    """A project whose empty stack this one starts with, which saves a run of the engine."""
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.root / "infra").mkdir(parents=True)
        (self.root / "Pulumi.yaml").write_text(SETTINGS.format(environment=sys.prefix))
        self.program(OBJECTS)
        self.objects({})
        self.variables = {
            "HOME": str(self.root),
            "KUBECONFIG": str(self.kubeconfig),
            "PATH": os.pathsep.join([str(self.pulumi.parent), str(self.plugins), "/usr/bin", "/bin"]),
            "PULUMI_BACKEND_URL": f"file://{self.root}/state",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
            "PULUMI_HOME": str(self.root / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_STACK": STACK,
            # An engine built without cgo learns from it who we are.
            "USER": "tests",
        }
        if self.template:
            for part in ("state", ".tenantry"):
                shutil.copytree(self.template / part, self.root / part)
        else:
            (self.root / "state").mkdir()
            self.run("stack", "init", STACK)

    def program(self, text: str) -> None:
        (self.root / "infra" / "__main__.py").write_text(text)

    def objects(self, objects: Mapping[str, tuple[str, Any]]) -> None:
        (self.root / "objects.json").write_text(json.dumps(objects))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.pulumi, *arguments, "--non-interactive", "--color=never"],
            cwd=self.root,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, succeeds: bool = True) -> str:
        with self.start(*arguments) as engine:
            output, _ = engine.communicate(timeout=600)
        assert (engine.returncode == 0) is succeeds, output
        return output

    def up(self, *arguments: str, succeeds: bool = True) -> str:
        return self.run("up", "--yes", "--skip-preview", *arguments, succeeds=succeeds)

    def preview(self) -> dict[str, dict[str, Any]]:
        """The steps of a preview, by the resource's logical name."""
        output = self.run("preview", "--json")
        steps: list[dict[str, Any]] = json.loads(output[output.index("{") :])["steps"]
        return {step["urn"].rpartition("::")[2]: step for step in steps}

    @property
    def checkpoint(self) -> Path:
        """The file that holds the stack's state."""
        return self.root / "state" / ".pulumi" / "stacks" / "tests" / f"{STACK}.json"

    def state(self) -> dict[str, dict[str, Any]]:
        """The resources in the state, by their logical name. Secrets are encrypted."""
        latest = json.loads(self.checkpoint.read_text())["checkpoint"]["latest"] or {}
        return {resource["urn"].rpartition("::")[2]: resource for resource in latest.get("resources", ())}

    def outputs(self) -> dict[str, Any]:
        output = self.run("stack", "output", "--json")
        found: dict[str, Any] = json.loads(output[output.index("{") :])
        return found
