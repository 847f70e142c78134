"""`tenantry demo`, each of its commands kept and none of them run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import pytest

from tenantry.cli import app as app_module
from tenantry.cli import demo
from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain import background

BEFORE = ["validate", "list", "render", "diff"]
AFTER = ["sandbox", "up", "status"]


class Stage:
    """What was run, and how it left."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.codes: dict[str, int] = {}
        self.waited_after: list[str] = []
        self.error: PlatformError | None = None

    def app(self, words: list[str], **_: Any) -> int:
        self.commands.append(words)
        return self.codes.get(words[0], 0)

    @property
    def verbs(self) -> list[str]:
        return [words[0] for words in self.commands]


@pytest.fixture
def stage(project: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    made = Stage()

    class Background:
        def __init__(self, names: object) -> None: ...

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...

        def wait(self, _: object) -> None:
            made.waited_after = made.verbs
            if made.error:
                raise made.error

    monkeypatch.setattr(background, "Background", Background)
    monkeypatch.setattr(app_module, "app", made.app)
    return made


def test_it_shows_what_it_will_do_before_it_waits_for_programs(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo.demo() == 0
    assert stage.verbs == BEFORE + AFTER
    assert stage.waited_after == BEFORE
    said = capsys.readouterr().err
    assert "$ tenantry up --yes\n" in said
    assert "Done. 5 commands to try next:" in said


def test_the_diff_is_of_a_copy_with_one_edit(stage: Stage, project: Path) -> None:
    demo.demo()
    copy = project / stage.commands[BEFORE.index("diff")][2]
    file, old, new = demo.EDIT
    assert old in (project / file).read_text()
    assert new in (copy / file).read_text()
    assert (copy / ".git").is_dir()


@pytest.mark.parametrize(("verb", "code"), [("validate", 1), ("sandbox", 3), ("up", 3), ("up", 130)])
def test_it_stops_where_a_command_fails_and_leaves_as_that_does(stage: Stage, verb: str, code: int) -> None:
    stage.codes = {verb: code}
    with pytest.raises(demo.StoppedError, match=rf"{verb}.* left with {code}.*Run it again") as stopped:
        demo.demo()
    assert stopped.value.exit_code == code
    assert stage.verbs[-1] == verb


def test_programs_that_cannot_be_had_stop_it_before_the_cluster(stage: Stage) -> None:
    stage.error = PlatformError("No Go is here.")
    with pytest.raises(PlatformError, match="No Go"):
        demo.demo()
    assert stage.verbs == BEFORE


def test_elsewhere_each_command_says_where(
    stage: Stage, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prod: str
) -> None:
    monkeypatch.chdir(tmp_path)
    demo.demo(root=project)
    assert stage.commands[0] == ["validate", "--root", str(project)]
    assert stage.commands[-1] == ["status", "--root", str(project), "--env", "sandbox"]
