"""The program as a whole: help, exit codes, failures, and what it costs to start."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tenantry.cli import app as app_module
from tenantry.cli import validate
from tenantry.cli.app import MODEL_VERBS, SANDBOX_VERBS, VERBS
from tenantry.errors import InputError, PlatformError, Problem
from tests.unit.cli.calling import Call

GROUPS = {"model": MODEL_VERBS, "sandbox": SANDBOX_VERBS}
EVERY = [*((name,) for name in VERBS), *((group, name) for group, verbs in GROUPS.items() for name in verbs)]
HEAVY = ("pulumi", "pydantic", "rich", "yaml", "ruamel", "urllib3", "cryptography", "psutil", "importlib.metadata")


def python(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=cwd)


def test_version(call: Call) -> None:
    said = call("--version")
    assert (said.code, said.out) == (0, f"tenantry {version('tenantry')}\n")


def test_python_m_is_the_same_program() -> None:
    done = python("-m", "tenantry", "--version")
    assert (done.returncode, done.stdout) == (0, f"tenantry {version('tenantry')}\n")


def test_help_lists_every_verb_with_one_whole_line(call: Call) -> None:
    said = call("--help")
    assert said.code == 0
    listed = dict(re.findall(r"^  ([a-z]+)  +(.+)$", said.out.split("Commands:")[1], re.MULTILINE))
    assert list(listed) == [*VERBS, *GROUPS]
    assert not [line for line in listed.values() if line.endswith("...")], "shorten the docstring's first line"


@pytest.mark.parametrize("verb", EVERY, ids=" ".join)
def test_every_verb_helps_with_an_example_that_is_its_own(call: Call, verb: tuple[str, ...]) -> None:
    said = call(*verb, "--help")
    assert said.code == 0
    examples = said.out.split("Examples:\n")[1]
    assert f"tenantry {' '.join(verb)}" in examples


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom tenantry.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    print('MODULES', *sys.modules)"
    )
    done = python("-c", script)
    modules = done.stdout.rpartition("MODULES")[2].split()
    assert "typer" in modules
    assert not [name for name in HEAVY if name in modules]


def test_no_arguments_is_help_and_a_misuse(call: Call) -> None:
    said = call()
    assert said.code == 2
    assert "Usage: tenantry" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["shwo"], "Did you mean 'show'"),
        (["show"], "TENANT"),
        (["validate", "--output", "xml"], "xml"),
        (["list", "--nonsense"], "--nonsense"),
    ],
)
def test_misuse_leaves_with_2(call: Call, arguments: list[str], words: str) -> None:
    said = call(*arguments)
    assert said.code == 2
    assert words in said.err
    assert not said.out


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def raising(_: object) -> Path:
        raise error

    monkeypatch.setattr(validate, "find_root", raising)


def test_input_errors_show_every_problem_and_leave_with_1(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [Problem("b.yaml", 2, 1, "k", "is odd", "Write even"), Problem("a.yaml", 1, 1, "", "is bad", "Mend it")]
    failing(monkeypatch, InputError(problems))
    said = call("validate")
    assert said.code == 1
    assert said.err == "a.yaml:1:1: is bad. Mend it.\nb.yaml:2:1: k: is odd. Write even.\n2 problems in 2 files.\n"


def test_platform_errors_leave_with_3(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, PlatformError("The cluster is gone. Find it."))
    said = call("validate")
    assert (said.code, said.err) == (3, "Error: The cluster is gone. Find it.\n")


def test_ctrl_c_leaves_with_130(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    assert call("validate").code == 130


def test_what_nobody_expected_is_short_on_the_terminal_and_whole_in_a_private_log(
    call: Call, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, ZeroDivisionError("one by zero"))
    said = call("validate")
    assert said.code == 3
    assert "Traceback" not in said.err
    assert "ZeroDivisionError: one by zero" in said.err
    [log] = (project / ".tenantry/logs").iterdir()
    assert str(log) in said.err
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    text = log.read_text()
    assert "Traceback" in text
    assert f"tenantry: {version('tenantry')}" in text


def test_the_log_goes_elsewhere_where_the_repository_cannot_be_written(
    call: Call, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".tenantry").write_text("a file, where a folder should be")
    failing(monkeypatch, ZeroDivisionError())
    said = call("validate")
    log = Path(said.err.strip().rpartition(" ")[2])
    assert not log.is_relative_to(project)
    assert "ZeroDivisionError" in log.read_text()


def test_a_reader_that_goes_away_is_no_failure_of_ours() -> None:
    command = f"{sys.executable} -m tenantry schema | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr


def test_the_program_is_registered_under_its_name() -> None:
    assert app_module.app.info.name == "tenantry"
