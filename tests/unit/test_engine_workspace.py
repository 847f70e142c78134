from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tenantry.catalog import load_environment
from tenantry.engine.workspace import Workspace, workspace
from tenantry.environment import ClusterSpec, EnvironmentSpec
from tenantry.errors import PlatformError
from tenantry.sandbox import toolchain
from tests.unit.engine_double import REPOSITORY, Engine

OFFICIAL = ("pulumi-language-python", "pulumi-resource-kubernetes")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose sandbox is up, on a machine with an engine and no plugin."""
    program = Engine(tmp_path / "bin").program
    monkeypatch.setattr(toolchain, "find", {"pulumi": program}.get)
    folder = tmp_path / "repository"
    (folder / ".tenantry/sandbox").mkdir(parents=True)
    (folder / ".tenantry/sandbox/kubeconfig").touch()
    shutil.copy(REPOSITORY / "Pulumi.yaml", folder)
    return folder


@pytest.fixture
def spec() -> EnvironmentSpec:
    return load_environment(REPOSITORY, "sandbox")


def variables(root: Path, **more: str) -> dict[str, str]:
    home = str(root.parent / "home")
    return {"HOME": home, "PULUMI_HOME": f"{home}/.pulumi", "PATH": "/usr/bin:/bin", "USER": "me", **more}


def existing(spec: EnvironmentSpec) -> EnvironmentSpec:
    """The same environment on a cluster of one's own."""
    cluster = ClusterSpec(kind="existing", context="prod")
    return spec.model_copy(update={"cluster": cluster})


def path_of(found: Workspace) -> list[str]:
    return found.env()["PATH"].split(os.pathsep)


def test_the_sandbox_needs_no_setting(root: Path, spec: EnvironmentSpec) -> None:
    found = workspace(root, spec, variables(root))
    sandbox = root / ".tenantry/sandbox"
    stand_ins = sandbox / "engine/plugins"
    assert found.env() == {
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
        "KUBECONFIG": str(sandbox / "kubeconfig"),
        "PULUMI_BACKEND_URL": (sandbox / "engine/state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(root / ".tenantry/passphrase"),
        "PATH": f"{root.parent / 'bin'}:/usr/bin:/bin:{stand_ins}",
    }
    assert sorted(file.name for file in stand_ins.iterdir()) == sorted(OFFICIAL)
    assert (sandbox / "engine/state").stat().st_mode & 0o777 == 0o700
    assert (found.project, found.kubeconfig) == ("tenantry", sandbox / "kubeconfig")


def test_official_plugins_are_never_shadowed(root: Path, spec: EnvironmentSpec) -> None:
    for name in OFFICIAL:
        (root.parent / "bin" / name).write_text("#!/bin/sh\n")
        (root.parent / "bin" / name).chmod(0o755)
    found = workspace(root, spec, variables(root))
    assert path_of(found) == [str(root.parent / "bin"), "/usr/bin", "/bin"]


def test_a_cluster_of_ones_own_gets_no_stand_in_and_keeps_its_kubeconfig(root: Path, spec: EnvironmentSpec) -> None:
    found = workspace(root, existing(spec), variables(root, KUBECONFIG="/mine"))
    assert "KUBECONFIG" not in found.env()
    assert found.kubeconfig is None
    assert path_of(found) == [str(root.parent / "bin"), "/usr/bin", "/bin"]
    assert found.env()["PULUMI_BACKEND_URL"] == (root / ".tenantry/state").as_uri()


def test_the_users_backend_and_passphrase_are_left_alone(root: Path, spec: EnvironmentSpec) -> None:
    mine = variables(root, PULUMI_BACKEND_URL="s3://states")
    assert workspace(root, spec, mine).env().keys() & {"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE"} == set()
    assert not (root / ".tenantry/passphrase").exists()


def test_inside_its_own_environment_it_finds_the_same(root: Path, spec: EnvironmentSpec) -> None:
    outside = workspace(root, spec, variables(root))
    inside = workspace(root, spec, {**variables(root), **outside.env()})
    missing = {"PULUMI_CONFIG_PASSPHRASE_FILE": outside.env()["PULUMI_CONFIG_PASSPHRASE_FILE"]}
    assert {**inside.env(), **missing} == outside.env()


def test_a_sandbox_that_is_not_up_says_how_to_start_it(root: Path, spec: EnvironmentSpec) -> None:
    (root / ".tenantry/sandbox/kubeconfig").unlink()
    with pytest.raises(PlatformError, match=r"not up\. Start it: tenantry sandbox up"):
        workspace(root, spec, variables(root))


def test_a_machine_without_an_engine_says_how_to_get_it(
    root: Path, spec: EnvironmentSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "find", {}.get)
    with pytest.raises(PlatformError, match="make toolchain"):
        workspace(root, spec, variables(root))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"USER": "me", "LOGNAME": "other"}, None),
        ({"USER": "", "LOGNAME": "other"}, "other"),
        ({"LOGNAME": "other"}, "other"),
        ({}, f"uid-{os.getuid()}"),
    ],
)
def test_an_engine_without_cgo_is_told_who_runs_it(
    root: Path, spec: EnvironmentSpec, given: dict[str, str], expected: str | None
) -> None:
    mine = {key: value for key, value in variables(root).items() if key != "USER"} | given
    assert workspace(root, spec, mine).env().get("USER") == expected


@pytest.mark.parametrize(
    ("text", "words"), [(None, "No such file"), ("- a", "names no project"), ("a: 1", "no project")]
)
def test_a_folder_that_is_no_project(root: Path, spec: EnvironmentSpec, text: str | None, words: str) -> None:
    (root / "Pulumi.yaml").unlink()
    if text is not None:
        (root / "Pulumi.yaml").write_text(text)
    with pytest.raises(PlatformError, match=words):
        workspace(root, spec, variables(root))
