from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from tenantry.engine.processes import Engines

PLUGIN = "import os, time; os.setsid(); print(os.getpid(), flush=True); time.sleep(60)"
ENGINE = """
import os, signal, subprocess, sys
plugin = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
print(plugin.stdout.readline().decode().strip(), flush=True)
os.kill(os.getpid(), int(sys.argv[2]))
"""
"""Starts a plugin in a group of its own, as engines do, and is killed."""


def run(engine: str, *arguments: str, folder: Path) -> tuple[int, str, list[str]]:
    lines: list[str] = []
    command = [sys.executable, "-c", engine, *arguments]
    status, errors = Engines().run(command, folder=folder, variables=dict(os.environ), on_line=lines.append)
    return status, errors, [line.strip() for line in lines]


def test_lines_status_and_errors_of_an_engine(tmp_path: Path) -> None:
    program = "import sys; print('a'); print('b'); print('c', file=sys.stderr); sys.exit(7)"
    assert run(program, folder=tmp_path) == (7, "c\n", ["a", "b"])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_plugins_of_a_killed_engine_end_before_anybody_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    status, _, [plugin] = run(ENGINE, PLUGIN, str(int(number)), folder=tmp_path)
    assert status == -number
    assert not lives(int(plugin))


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
