"""A machine with nothing on it: an empty PATH, an empty cache, and one release site on loopback."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenantry.sandbox.toolchain import modules
from tenantry.sandbox.toolchain.events import Event
from tenantry.sandbox.toolchain.programs import PROGRAMS, Program, Release, Source

from .release_site import Site, serving


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns the one folder on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("TENANTRY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi"))
    monkeypatch.setenv("TENANTRY_RELEASES_URL", "off")
    return folder


@pytest.fixture
def site(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A mirror that answers, and publishes nothing yet."""
    with serving() as running:
        monkeypatch.setenv("TENANTRY_RELEASES_URL", running.address)
        yield running


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def go(machine: Path, monkeypatch: pytest.MonkeyPatch, real_path: str) -> Path:
    """The real Go, on the machine's PATH. Go is a prerequisite of these tests, as it is of a build."""
    found = shutil.which("go", path=real_path)
    if found is None:
        pytest.fail("Go is not on PATH: install it (CONTRIBUTING.md has the version)")
    (machine / "go").symlink_to(found)
    return Path(found)


@pytest.fixture(scope="session")
def real_path() -> str:
    return os.environ["PATH"]


MAIN = """package main

var version string

func main() { println("hello v" + version) }
"""


@pytest.fixture
def hello(tmp_path: Path, machine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program `hello` in the table that builds from a module of its own. Returns the module's folder."""
    folder = tmp_path / "tools" / "greeting"
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text("module example.com/greeting\n\ngo 1.21\n")
    (folder / "main.go").write_text(f"{MAIN}\n// {uuid.uuid4()}: compiled by no earlier run\n")
    release = Release(
        package="hello",
        version="1.2.3",
        url="https://releases.example.com/hello-{version}-{os}-{arch}",
        checksum_url="https://releases.example.com/hello-{version}-{os}-{arch}.sha256",
        member="hello",
    )
    source = Source(
        folder="greeting", package="example.com/greeting", binary="greeting", stamps=("main.version={version}",)
    )
    monkeypatch.setattr(modules, "tools_folder", lambda: tmp_path / "tools")
    monkeypatch.setattr(modules, "pinned_version", lambda _: "1.2.3")
    # The other programs pin nothing here: this table has one program.
    for name in list(PROGRAMS):
        monkeypatch.delitem(PROGRAMS, name)
    program = Program(name="hello", release=release, source=source, version_command=("--version",), below=(2, 0, 0))
    monkeypatch.setitem(PROGRAMS, "hello", program)
    return folder
