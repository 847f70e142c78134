"""Running the suite: pytest with our checks for its parameters, and with nobody else's settings or plugins."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tenantry.errors import PlatformError, TenantryError
from tenantry.kube_errors import UnreachableError
from tenantry.verify.check import BrokenError, Check, Outcome, Result

SUITE: Final = Path(__file__).with_name("suite")
OPTIONS: Final = (
    # Its own settings: those of a repository around us are for that one's tests.
    f"--config-file={SUITE / 'pytest.ini'}",
    f"--rootdir={SUITE}",
    "--import-mode=importlib",
    "--disable-plugin-autoload",
    # It prints nothing and writes nothing beside the report.
    *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:logging", "-p", "no:faulthandler"),
    *("--capture=no", "--assert=plain"),
    # The attributes that name the report's rows are called experimental.
    "--pythonwarnings=ignore::pytest.PytestExperimentalApiWarning",
)
FOREIGN_VARIABLES: Final = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
"""Variables by which a caller's own tests are set up."""
OnResult = Callable[[Result], None]


def run(checks: Sequence[Check], on_result: OnResult = lambda _: None, junit: Path | None = None) -> list[Result]:
    """Run checks in their order.

    Args:
        checks: What must hold.
        on_result: Told of each as it ends.
        junit: Where pytest writes its report in JUnit's format.

    Raises:
        UnreachableError: the API server went away meanwhile.
        PlatformError: pytest itself failed.
    """
    suite = Suite(checks, on_result)
    report = [f"--junit-xml={junit}", "-o", "junit_suite_name=tenantry verify"] if junit else []
    with _without(FOREIGN_VARIABLES):
        code = pytest.main([*OPTIONS, *report, str(SUITE)], plugins=[suite])
    if suite.unreachable:
        raise suite.unreachable
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise PlatformError(f"pytest could not run the suite in {SUITE}: it left with {code}.")
    if len(suite.results) != len(checks):
        raise PlatformError(f"pytest made {len(suite.results)} of {len(checks)} checks, and did not say why.")
    return suite.results


class Suite:
    """pytest's plugin: gives the suite its checks, and takes down what came of each."""

    def __init__(self, checks: Sequence[Check], on_result: OnResult) -> None:
        self.results: list[Result] = []
        self.unreachable: UnreachableError | None = None
        self._checks = {check.name: check for check in checks}
        self._on_result = on_result

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test for each check, with its name."""
        metafunc.parametrize("check", self._checks.values(), ids=self._checks)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Report what is wrong with the cluster, and not where in our code it was noticed."""
        report = yield
        error = call.excinfo.value if call.excinfo else None
        # Where an error is not one of ours, its frames are what we need to know.
        if isinstance(error, BrokenError | TenantryError):
            report.longrepr = str(error)
        if isinstance(error, UnreachableError):
            self.unreachable, item.session.shouldstop = error, "the API server is gone"
        if call.when == "call":
            self._take(self._checks[item.callspec.id], error, call.duration)
        return report

    def _take(self, check: Check, error: BaseException | None, seconds: float) -> None:
        outcome: Outcome = "passed" if error is None else "failed" if isinstance(error, BrokenError) else "error"
        message = "" if error is None else str(error) or type(error).__name__
        self.results.append(Result(check.name, check.title, outcome, message, seconds))
        self._on_result(self.results[-1])


@contextmanager
def _without(variables: Sequence[str]) -> Iterator[None]:
    saved = {name: os.environ.pop(name) for name in variables if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(saved)
