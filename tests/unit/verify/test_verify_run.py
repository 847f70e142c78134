"""The suite's runner and its reports."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tenantry.errors import PlatformError
from tenantry.kube_errors import KubeError, UnreachableError
from tenantry.verify import run as runner
from tenantry.verify.check import BrokenError, Check, Result
from tenantry.verify.objects import names_once
from tenantry.verify.report import document, exit_code, html
from tenantry.verify.run import run


def raising(error: Exception) -> Check:
    def act() -> None:
        raise error

    return Check(f"vision/object/{type(error).__name__}", "it holds", act)


def passing() -> None:
    """Nothing is wrong."""


GOOD = Check("platform/object/Role/good", "it is there", passing)
BROKEN = raising(BrokenError("it is gone: <b>"))
UNKNOWN = raising(KubeError(500, "InternalError", "no idea"))


def test_each_check_is_told_of_as_it_ends() -> None:
    told: list[Result] = []
    results = run([GOOD, BROKEN, UNKNOWN], told.append)
    assert told == results
    assert [(one.name, one.outcome, one.message) for one in results] == [
        ("platform/object/Role/good", "passed", ""),
        ("vision/object/BrokenError", "failed", "it is gone: <b>"),
        ("vision/object/KubeError", "error", "no idea"),
    ]


def test_junit_names_the_checks(tmp_path: Path) -> None:
    run([GOOD, BROKEN], junit=tmp_path / "verify.xml")
    [suite] = ET.parse(tmp_path / "verify.xml").getroot()
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("tenantry verify", "2", "1")
    good, broken = suite
    assert (good.get("classname"), good.get("name")) == ("platform", "object/Role/good")
    [failure] = broken
    assert failure.get("message") == "it is gone: <b>"


def test_settings_of_whoever_calls_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing")
    assert [one.outcome for one in run([GOOD])] == ["passed"]
    assert list(tmp_path.iterdir()) == [tmp_path / "pytest.ini"]


def test_when_the_server_goes_nothing_more_is_asked() -> None:
    told: list[Result] = []
    with pytest.raises(UnreachableError, match="does not answer"):
        run([raising(UnreachableError("https://x", "gone")), GOOD], told.append)
    assert [one.outcome for one in told] == ["error"]


def test_a_check_that_was_never_made_is_no_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = "import pytest\n@pytest.fixture\ndef no():\n    raise ValueError\ndef test_x(check, no):\n    pass\n"
    (tmp_path / "test_broken.py").write_text(broken)
    monkeypatch.setattr(runner, "SUITE", tmp_path)
    with pytest.raises(PlatformError, match="0 of 1 checks"):
        run([GOOD])


def test_ctrl_c_is_no_result() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([Check("a/b/c", "it holds", interrupted)])


def test_two_checks_of_one_name_are_our_mistake() -> None:
    with pytest.raises(AssertionError, match="good"):
        names_once([GOOD, Check(GOOD.name, "another", passing)])


def results() -> list[Result]:
    return run([GOOD, BROKEN])


def test_json_counts_and_lists() -> None:
    found = document("sandbox", results())
    assert found["environment"] == "sandbox"
    assert found["counts"] == {"passed": 1, "failed": 1, "error": 0}
    assert [one["outcome"] for one in found["checks"]] == ["passed", "failed"]


def test_html_shows_what_is_broken_first_and_takes_nothing_for_markup() -> None:
    page = html("sandbox", results())
    assert page.index("it is gone: &lt;b&gt;") < page.index("platform/object/Role/good")
    assert "<b>" not in page
    assert "<script" not in page


@pytest.mark.parametrize(("checks", "code"), [([GOOD], 0), ([GOOD, BROKEN], 3), ([GOOD, UNKNOWN], 3), ([], 3)], ids=str)
def test_exit_code(checks: list[Check], code: int) -> None:
    found = [result for check in checks for result in run([check])]
    assert exit_code(found) == code
