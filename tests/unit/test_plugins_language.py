"""The stand-in for the language host runs plugins that are Python programs, as policy packs are."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import language_pb2

from tenantry.errors import PlatformError
from tenantry.sandbox.plugins.language_python.host import Host


def request(folder: Path, program: str, **options: str) -> language_pb2.RunPluginRequest:
    (folder / "pack").mkdir()
    (folder / "pack/__main__.py").write_text(program)
    struct = Struct()
    struct.update(options or {"virtualenv": str(Path(sys.prefix))})
    info = language_pb2.ProgramInfo(
        root_directory=str(folder / "pack"), program_directory=str(folder / "pack"), entry_point=".", options=struct
    )
    return language_pb2.RunPluginRequest(pwd=str(folder), args=["127.0.0.1:1"], env=["WORD=said"], info=info)


def nobody(_: Callable[[], None]) -> None:
    """The engine never cancels."""


def test_what_it_prints_and_how_it_ends_come_back(tmp_path: Path) -> None:
    program = "import os, sys; print(os.getcwd(), sys.argv[1], os.environ['WORD']); print('more'); sys.exit(3)"
    first, second, end = Host().run_plugin(request(tmp_path, program), nobody)
    assert first.stdout.decode() == f"{os.path.realpath(tmp_path)} 127.0.0.1:1 said\n"
    assert second.stdout == b"more\n"
    assert (end.WhichOneof("output"), end.exitcode) == ("exitcode", 3)


def test_it_ends_when_the_engine_cancels(tmp_path: Path) -> None:
    cancels: list[Callable[[], None]] = []
    program = "import time; print('up', flush=True); time.sleep(60)"
    answers = Host().run_plugin(request(tmp_path, program), cancels.append)
    assert next(answers).stdout == b"up\n"
    cancels[0]()
    [end] = answers
    assert end.exitcode != 0


def test_it_ends_when_nobody_listens_any_more(tmp_path: Path) -> None:
    program = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    answers = Host().run_plugin(request(tmp_path, program), nobody)
    pid = int(next(answers).stdout)
    answers.close()  # type: ignore[attr-defined]  # a generator, told as an iterator
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_environment_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="nowhere: the project's Python environment is not there"):
        Host().run_plugin(request(tmp_path, "", virtualenv="nowhere"), nobody)
