"""Processes: found by their mark, stopped for sure, and never a stranger's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tenantry.errors import PlatformError
from tenantry.sandbox import processes

SLEEP = (sys.executable, "-c", "import time; print('here', flush=True); time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    processes.stop(processes.running(tmp_path), 5)


def wait_for(word: str, log: Path) -> None:
    while word not in log.read_text():
        time.sleep(0.01)


def start(folder: Path, part: str = "etcd", command: tuple[str, ...] = SLEEP, word: str = "here") -> processes.Running:
    log = folder / f"{part}.log"
    started = processes.start(part, "digest", command, folder, log)
    wait_for(word, log)
    return started


def test_a_started_process_is_found_by_its_mark(folder: Path) -> None:
    started = start(folder)
    [found] = processes.running(folder)
    assert (found.part, found.digest, found.process.pid) == ("etcd", "digest", started.process.pid)
    assert found.alive
    assert found.uptime > 0


def test_it_has_a_session_of_its_own_and_none_of_our_secrets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    process = start(folder).process
    assert os.getsid(process.pid) == process.pid
    assert set(process.environ()) <= {"PATH", "HOME", processes.MARK, "LC_CTYPE"}


def test_its_files_are_ours_alone(folder: Path) -> None:
    write = (sys.executable, "-c", "open('made', 'w').close(); print('here', flush=True)")
    start(folder, command=write)
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == {"made": 0o600, "etcd.log": 0o600}


def test_another_sandbox_s_process_is_not_ours(folder: Path) -> None:
    start(folder)
    assert processes.running(folder / "inside") == []
    assert processes.running(folder.parent) == []


def test_a_process_without_the_mark_is_not_ours(folder: Path) -> None:
    with subprocess.Popen([*SLEEP, str(folder)], stdout=subprocess.DEVNULL, cwd=folder) as stranger:
        assert processes.running(folder) == []
        stranger.kill()


def test_a_stopped_process_is_gone(folder: Path) -> None:
    started = start(folder)
    processes.stop([started], 10)
    assert not psutil.pid_exists(started.process.pid)
    assert processes.running(folder) == []


STOPS = """
import pathlib, sys
from tenantry.sandbox import processes
folder = pathlib.Path(sys.argv[1])
processes.stop([processes.start("etcd", "digest", ["sleep", "600"], folder, folder / "etcd.log")], 10)
"""


def test_nobody_warns_of_a_stopped_process_as_still_running(folder: Path) -> None:
    command = [sys.executable, "-W", "always::ResourceWarning", "-c", STOPS, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_one_that_ignores_the_request_is_killed(folder: Path) -> None:
    started = start(folder, command=STUBBORN, word="deaf")
    processes.stop([started], 0.2)
    assert not psutil.pid_exists(started.process.pid)


def test_stopping_one_that_is_gone_is_no_error(folder: Path) -> None:
    started = start(folder)
    started.process.kill()
    started.process.wait(10)
    processes.stop([started], 1)
    assert not started.alive


def test_a_killed_process_is_not_running_even_while_nobody_waited_for_it(folder: Path) -> None:
    started = start(folder)
    os.kill(started.process.pid, 9)
    while started.alive:
        time.sleep(0.01)
    assert processes.running(folder) == []


def test_two_of_a_part_are_both_found_oldest_first(folder: Path) -> None:
    first = start(folder)
    second = processes.start("etcd", "other", SLEEP, folder, folder / "second.log")
    wait_for("here", folder / "second.log")
    found = processes.by_part(processes.running(folder))
    assert [one.process.pid for one in found["etcd"]] == [first.process.pid, second.process.pid]


def test_a_log_grown_too_long_is_set_aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_KEPT", 3)
    (folder / "etcd.log").write_text("old log")
    start(folder)
    assert (folder / "etcd.log.1").read_text() == "old log"
    assert (folder / "etcd.log").read_text() == "here\n"


def test_a_program_that_cannot_run_is_named(folder: Path) -> None:
    with pytest.raises(PlatformError, match="/nowhere/etcd cannot be run: No such file or directory"):
        processes.start("etcd", "digest", ["/nowhere/etcd"], folder, folder / "etcd.log")
