from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest

from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain import Background, cache, look, modules
from tenantry.sandbox.toolchain.cancelling import Cancel, CancelledError
from tenantry.sandbox.toolchain.ensuring import ensure
from tenantry.sandbox.toolchain.events import Event, Phase
from tenantry.sandbox.toolchain.found import Origin
from tenantry.sandbox.toolchain.programs import PROGRAMS

from .release_site import Site, executable, mirrored

SLOW_GO = """#!/bin/sh
# Stands for a Go that compiles for a long time: it starts a compiler, and waits for it.
/bin/sleep 300 &
echo $! > "$COMPILER"
wait
"""


def test_a_program_is_built_from_its_module_and_kept(hello: Path, go: Path, events: list[Event]) -> None:
    path = ensure(["hello"], events.append)["hello"]
    assert subprocess.run([path], capture_output=True, text=True, check=True).stderr == "hello v1.2.3\n"
    assert look("hello").origin is Origin.BUILT  # type: ignore[union-attr]  # just built
    phases = [event.phase for event in events]
    assert phases[0] is Phase.FETCHING
    assert phases[-1] is Phase.READY
    assert next(event.total for event in events if event.phase is Phase.BUILDING) >= 1
    assert [found for found in cache.staging_folder(".").rglob("*") if found.is_file()] == []


def test_a_second_run_builds_nothing(hello: Path, go: Path, machine: Path, events: list[Event]) -> None:
    first = ensure(["hello"])
    (machine / "go").unlink()
    assert ensure(["hello"], events.append) == first
    assert [event.phase for event in events] == [Phase.FOUND]


def test_what_is_compiled_already_is_not_counted_again(hello: Path, go: Path, events: list[Event]) -> None:
    shutil.rmtree(ensure(["hello"])["hello"].parent)
    ensure(["hello"], events.append)
    assert {event.total for event in events if event.phase is Phase.BUILDING} == {0}


def test_other_pins_flags_or_source_make_another_program(hello: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [modules.built_program(PROGRAMS["hello"])]
    for file in ("go.sum", "go.mod", "main.go"):
        with (hello / file).open("a") as text:
            text.write("\n")
        places.append(modules.built_program(PROGRAMS["hello"]))
    monkeypatch.setattr(modules, "FLAGS", ("-race",))
    places.append(modules.built_program(PROGRAMS["hello"]))
    (hello / "README.md").write_text("no part of the program")
    assert modules.built_program(PROGRAMS["hello"]) == places[-1]
    assert len(set(places)) == 5


def test_a_release_that_is_not_published_is_built_instead(hello: Path, go: Path, site: Site) -> None:
    ensure(["hello"])
    assert site.asked_for(mirrored("https://releases.example.com/hello-1.2.3-linux-amd64.sha256")) or site.asked
    assert look("hello").origin is Origin.BUILT  # type: ignore[union-attr]  # just built


def test_a_release_that_is_published_is_not_built(hello: Path, go: Path, site: Site) -> None:
    site.publish("hello")
    ensure(["hello"])
    assert look("hello").origin is Origin.RELEASE  # type: ignore[union-attr]  # just downloaded


def test_a_wrong_sum_is_never_answered_by_building(hello: Path, go: Path, site: Site, events: list[Event]) -> None:
    site.publish("hello", b"bad", published_for=b"good")
    with pytest.raises(PlatformError, match="is published for it"):
        ensure(["hello"], events.append)
    assert look("hello") is None
    assert {event.phase for event in events} == {Phase.DOWNLOADING}


def test_what_go_says_of_a_failure_is_told(hello: Path, go: Path) -> None:
    (hello / "main.go").write_text("package main\n\nfunc main() { undefinedName() }\n")
    with pytest.raises(PlatformError, match=r"(?s)go build failed in tools/greeting.*undefinedName"):
        ensure(["hello"])
    assert look("hello") is None


def test_pins_are_never_resolved_anew(hello: Path, go: Path) -> None:
    other = hello / "other"
    other.mkdir()
    (other / "go.mod").write_text("module example.com/other\n\ngo 1.21\n")
    (other / "other.go").write_text("package other\n")
    with (hello / "go.mod").open("a") as text:
        text.write("\nreplace example.com/other => ./other\n")  # there, but not required: Go could add that itself
    before = (hello / "go.mod").read_text()
    (hello / "main.go").write_text('package main\n\nimport _ "example.com/other"\n\nfunc main() {}\n')
    with pytest.raises(PlatformError, match=r"example\.com/other"):
        ensure(["hello"])
    assert (hello / "go.mod").read_text() == before


@pytest.fixture
def compiler(hello: Path, machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Go that never ends. Returns the file with the process id of the compiler that it starts."""
    executable(machine, "go", SLOW_GO.replace('"$COMPILER"', str(tmp_path / "compiler")))
    monkeypatch.setattr(modules, "go_found", lambda: "1.26.0")
    return tmp_path / "compiler"


def running(compiler: Path) -> bool:
    try:
        process = psutil.Process(int(compiler.read_text()))
        process.wait(20)  # a killed one takes a moment to go
    except psutil.NoSuchProcess:
        return False
    except psutil.TimeoutExpired:
        process.kill()
        return True
    return False


def test_a_stop_ends_the_compilers_too_and_the_next_run_goes_on(
    compiler: Path, machine: Path, real_path: str, hello: Path
) -> None:
    cancel = Cancel()

    def stop_once_it_compiles(event: Event) -> None:
        if compiler.exists() and compiler.read_text().strip():
            cancel.ask()

    with pytest.raises(CancelledError, match="run it again"):
        ensure(["hello"], stop_once_it_compiles, cancel)
    assert not running(compiler)
    (machine / "go").unlink()
    (machine / "go").symlink_to(real_go(real_path))
    assert ensure(["hello"])["hello"].is_file()


def real_go(path: str) -> str:
    found = shutil.which("go", path=path)
    return found or pytest.fail("Go is not on PATH: install it (CONTRIBUTING.md has the version)")


def test_an_interrupt_ends_the_compilers_too(compiler: Path) -> None:
    def interrupt_once_it_compiles(event: Event) -> None:
        if compiler.exists() and compiler.read_text().strip():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure(["hello"], interrupt_once_it_compiles)
    assert not running(compiler)


def test_leaving_the_background_ends_the_compilers_too(compiler: Path) -> None:
    with Background(["hello"]):
        while not (compiler.exists() and compiler.read_text().strip()):
            time.sleep(0.05)
    assert not running(compiler)
    with cache.lock(Cancel(), lambda: pytest.fail("the lock is still held")):
        pass


def test_the_lock_is_free_after_a_stop(compiler: Path) -> None:
    cancel = Cancel()
    with pytest.raises(CancelledError):
        ensure(["hello"], lambda _: cancel.ask(), cancel)
    with cache.lock(Cancel(), lambda: pytest.fail("the lock is still held")):
        pass


def test_the_users_own_go_settings_do_not_change_the_build(
    hello: Path, go: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=vendor")
    monkeypatch.setenv("GOWORK", "/nowhere/go.work")
    monkeypatch.setenv("CGO_ENABLED", "1")
    assert os.access(ensure(["hello"])["hello"], os.X_OK)


def test_threads_that_build_the_same_do_it_once(hello: Path, go: Path) -> None:
    ready: list[Event] = []
    results: list[dict[str, Path]] = []

    def run() -> None:
        results.append(ensure(["hello"], lambda event: ready.append(event) if event.phase is Phase.READY else None))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2
    assert results[0] == results[1]
    assert len(ready) == 1
