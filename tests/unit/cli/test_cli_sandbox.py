"""`tenantry sandbox …`, with a sandbox that only keeps what it was asked."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tenantry.cli import ask
from tenantry.engine import workspace as engine_workspace
from tenantry.errors import PlatformError
from tenantry.sandbox import control_plane, toolchain
from tenantry.sandbox.progress import Step
from tenantry.sandbox.status import PartStatus, SandboxStatus
from tenantry.sandbox.toolchain import reporting
from tests.unit.cli.calling import Call

SAID = ("one", "two", "three")


class Box:
    """In the place of `Sandbox`."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".tenantry/sandbox"
        self.kubeconfig = self.folder / "kubeconfig"
        self.asked: list[tuple[str, Any]] = []
        self.fails: PlatformError | KeyboardInterrupt | None = None
        self.ready = 2

    def up(self, tell: Any, *, crds: Path | None) -> None:
        self._asked("up", crds)
        tell(Step("etcd", "starting", done=True, seconds=1.25))

    def down(self, tell: Any, *, purge: bool) -> None:
        self._asked("down", purge)
        tell(Step("etcd", "stopping", done=True, seconds=0.5))

    def _asked(self, verb: str, option: object) -> None:
        self.asked.append((verb, option))
        if self.fails:
            raise self.fails

    def status(self) -> SandboxStatus:
        well = PartStatus("etcd", 41, 2379, 3725.0, "")
        ill = PartStatus("kwok", None, None, None, "it does not run")
        return SandboxStatus(self.folder, (well,) if self.ready == 2 else (well, ill), 2, self.ready)

    def env(self) -> Mapping[str, str]:
        return {"PATH": "/box/bin"}

    def logs(self, part: str, *, follow: bool = False) -> Iterator[str]:
        self.asked.append((part, follow))
        yield from SAID


@pytest.fixture
def box(project: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    made = Box(project)
    monkeypatch.setattr(control_plane, "Sandbox", lambda *_: made)
    monkeypatch.setattr(toolchain, "ensure", lambda names, _: made.asked.append(("ensure", tuple(names))))
    monkeypatch.setattr(reporting, "engine_line", lambda: "engine: a double")
    return made


def test_up_gets_the_programs_and_starts_it(call: Call, box: Box) -> None:
    said = call("sandbox", "up")
    assert (said.code, said.out) == (0, "")
    assert box.asked == [("ensure", tuple(toolchain.PROGRAMS)), ("up", None)]
    assert "etcd: starting (1.2 s)" in said.err
    assert "The sandbox is up: 2 of 2 nodes ready, engine: a double." in said.err


def test_a_repair_does_not_look_for_plugins_that_have_a_stand_in(call: Call, box: Box, tmp_path: Path) -> None:
    box.folder.mkdir(parents=True)
    box.kubeconfig.touch()
    assert call("sandbox", "up", "--crds", str(tmp_path)).code == 0
    (_, names), crds = box.asked
    assert set(toolchain.PROGRAMS) - set(names) == {n for n, p in toolchain.PROGRAMS.items() if not p.source}
    assert crds == ("up", tmp_path)


@pytest.mark.parametrize(("fails", "code"), [(PlatformError("etcd died. Start again."), 3), (KeyboardInterrupt(), 130)])
@pytest.mark.parametrize("verb", ["up", "down"])
def test_what_goes_wrong_inside_decides_how_it_leaves(
    call: Call, box: Box, verb: str, fails: PlatformError | KeyboardInterrupt, code: int
) -> None:
    box.fails = fails
    said = call("sandbox", verb)
    assert said.code == code
    assert ("etcd died. Start again." in said.err) is (code == 3)
    assert "The sandbox is" not in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["up", "--crds", "no-such-folder"],
        ["up", "--env", "nowhere"],
        ["logs"],
        ["logs", "kube-proxy"],
        ["logs", "etcd", "--tail", "-1"],
        ["env", "--shell", "csh"],
        ["status", "--output", "yaml"],
    ],
    ids=" ".join,
)
def test_misuse_touches_nothing(call: Call, box: Box, arguments: list[str]) -> None:
    assert (call("sandbox", *arguments).code, box.asked) == (2, [])


def test_an_environment_that_is_no_sandbox_is_a_misuse(call: Call, box: Box, prod: str) -> None:
    said = call("sandbox", "up", "--env", prod)
    assert (said.code, box.asked) == (2, [])
    assert "prod is no sandbox" in said.err


def test_down_keeps_the_data(call: Call, box: Box) -> None:
    said = call("sandbox", "down")
    assert (said.code, box.asked) == (0, [("down", False)])
    assert "its data stays" in said.err


@pytest.mark.parametrize(
    ("there", "typed", "code"), [(True, "y\n", 0), (True, "n\n", 1), (True, "", 130), (False, "", 2)]
)
def test_a_purge_asks_and_says_what_goes(
    call: Call, box: Box, monkeypatch: pytest.MonkeyPatch, *, there: bool, typed: str, code: int
) -> None:
    box.folder.mkdir(parents=True)
    monkeypatch.setattr(ask, "somebody_is_there", lambda: there)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    said = call("sandbox", "down", "--purge")
    assert (said.code, box.asked) == (code, [("down", True)] if code == 0 else [])
    assert f"This removes the cluster's data, its certificates and the state of its stacks in {box.folder}" in said.err


@pytest.mark.parametrize("arguments", [["--yes"], []])
def test_a_purge_of_nothing_or_with_yes_asks_nobody(call: Call, box: Box, arguments: list[str]) -> None:
    if arguments:
        box.folder.mkdir(parents=True)
    assert call("sandbox", "down", "--purge", *arguments).code == 0
    assert box.asked == [("down", True)]


def test_status_of_a_sandbox_that_is_well(call: Call, box: Box) -> None:
    said = call("sandbox", "status")
    assert said.code == 0
    assert [line.split() for line in said.out.splitlines()] == [
        ["PART", "PID", "PORT", "UP", "HEALTH"],
        ["etcd", "41", "2379", "1h02m", "well"],
    ]
    assert said.err == "2 of 2 nodes ready.\n"


def test_status_of_one_that_is_not(call: Call, box: Box) -> None:
    box.ready = 0
    said = call("sandbox", "status")
    assert said.code == 3
    assert said.out.splitlines()[-1].split(maxsplit=4) == ["kwok", "-", "-", "-", "it does not run"]
    assert "Repair it: tenantry sandbox up" in said.err


@pytest.mark.parametrize(("ready", "code", "parts"), [(2, 0, {"etcd": True}), (1, 3, {"etcd": True, "kwok": False})])
def test_status_for_a_program(call: Call, box: Box, ready: int, code: int, parts: dict[str, bool]) -> None:
    box.ready = ready
    said = call("sandbox", "status", "--output", "json")
    assert (said.code, said.json["healthy"], said.json["nodes_ready"]) == (code, code == 0, ready)
    assert {part["name"]: part["healthy"] for part in said.json["parts"]} == parts


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["--tail", "0"], SAID),
        (["--tail", "2"], SAID[1:]),
        (["--tail", "9"], SAID),
        (["--follow", "--tail", "1"], SAID[2:]),
    ],
)
def test_logs(call: Call, box: Box, arguments: list[str], lines: tuple[str, ...]) -> None:
    said = call("sandbox", "logs", "etcd", *arguments)
    assert (said.code, said.out.split()) == (0, list(lines))
    assert box.asked[-1] == ("etcd", "--follow" in arguments)


@pytest.fixture
def variables(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's variables, one with what a shell must not take apart."""

    class Place:
        def env(self) -> dict[str, str]:
            return {"PULUMI_BACKEND_URL": "file:///a b", "PATH": "/engine/bin:/usr/bin"}

    monkeypatch.setattr(engine_workspace, "workspace", lambda *_: Place())
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


@pytest.mark.usefixtures("variables")
def test_env_speaks_the_shells_language(call: Call, box: Box) -> None:
    path = "/box/bin:/engine/bin:/usr/bin:/bin"
    assert call("sandbox", "env").out.splitlines() == [
        f"export KUBECONFIG={box.kubeconfig}",
        f"export PATH={path}",
        "export PULUMI_BACKEND_URL='file:///a b'",
    ]
    assert call("sandbox", "env", "--shell", "fish").out.splitlines()[-1] == "set -gx PULUMI_BACKEND_URL 'file:///a b'"
    assert call("sandbox", "env", "--shell", "json").json == {
        "PULUMI_BACKEND_URL": "file:///a b",
        "PATH": path,
        "KUBECONFIG": str(box.kubeconfig),
    }


def test_env_of_a_sandbox_that_is_down_leaves_with_3_and_prints_nothing_to_evaluate(
    call: Call, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise PlatformError("The sandbox is not up.")

    monkeypatch.setattr(engine_workspace, "workspace", down)
    said = call("sandbox", "env")
    assert (said.code, said.out) == (3, "")
