from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain import cache, find, look
from tenantry.sandbox.toolchain.cancelling import Cancel, CancelledError
from tenantry.sandbox.toolchain.download import ASK_AGAIN
from tenantry.sandbox.toolchain.ensuring import ensure
from tenantry.sandbox.toolchain.events import Event, Phase
from tenantry.sandbox.toolchain.found import Origin, passed_over
from tenantry.sandbox.toolchain.programs import PROGRAMS

from .release_site import Site, archive, executable, mirrored

STAND_IN = "#!/usr/bin/env python3\n# Tenantry's stand-in\n"


def etcd_on_path(machine: Path, version: str) -> Path:
    return executable(machine, "etcd", f"#!/bin/sh\necho etcd Version: {version}\necho Go Version: go1.22.3\n")


def test_one_on_path_comes_first(site: Site, machine: Path) -> None:
    site.publish("etcd")
    ensure(["etcd"])
    assert look("etcd").origin is Origin.RELEASE  # type: ignore[union-attr]  # just ensured
    path = etcd_on_path(machine, "3.6.4")
    assert ensure(["etcd"]) == {"etcd": path}


@pytest.mark.parametrize("version", ["3.4.30", "3.5.99", "4.0.0", "unknown"])
def test_one_on_path_of_a_wrong_version_is_passed_over(site: Site, machine: Path, version: str) -> None:
    path = etcd_on_path(machine, version)
    site.publish("etcd")
    assert ensure(["etcd"])["etcd"] == cache.release_program(PROGRAMS["etcd"].release)
    assert passed_over("etcd").startswith(str(path))
    assert ">=3.6, <4.0 is needed" in passed_over("etcd")


def test_one_on_path_that_does_not_run_is_passed_over(site: Site, machine: Path) -> None:
    executable(machine, "etcd", "not a program of this machine")
    assert find("etcd") is None


def test_a_stand_in_on_path_is_never_taken_for_the_official_plugin(machine: Path) -> None:
    executable(machine, "pulumi-language-python", STAND_IN)
    assert find("pulumi-language-python") is None
    assert "stand-in" in passed_over("pulumi-language-python")
    path = executable(machine, "pulumi-language-python", "#!/bin/sh\n# a version manager's shim\n")
    assert find("pulumi-language-python") == path


def test_a_plugin_in_pulumis_own_home_is_found(machine: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pulumi" / "plugins" / "resource-kubernetes-v4.34.0"
    folder.mkdir(parents=True)
    path = executable(folder, "pulumi-resource-kubernetes", "ELF")
    found = look("pulumi-resource-kubernetes")
    assert found is not None
    assert (found.path, found.version) == (path, "4.34.0")


def test_a_second_run_asks_no_site(site: Site, events: list[Event]) -> None:
    site.publish("kwok")
    first = ensure(["kwok"])
    site.asked.clear()
    assert ensure(["kwok"], events.append) == first
    assert site.asked == []
    assert [event.phase for event in events] == [Phase.FOUND]


def test_programs_of_one_archive_are_downloaded_once(site: Site) -> None:
    path = site.publish("pulumi")
    both = {f"pulumi/{name}": b"program" for name in ("pulumi", "pulumi-language-python")}
    site.publish("pulumi", archive(both))
    assert set(ensure(["pulumi", "pulumi-language-python"])) == {"pulumi", "pulumi-language-python"}
    assert len(site.asked_for(path)) == 1


def test_a_plugin_that_cannot_be_had_is_left_to_its_stand_in(site: Site, events: list[Event]) -> None:
    assert ensure(["pulumi-resource-kubernetes"], events.append) == {}
    assert [(event.phase, event.left) for event in events] == [(Phase.STAND_IN, ())]


def test_silent_sites_are_not_asked_for_plugins_at_every_start(site: Site) -> None:
    path = site.publish("pulumi-resource-kubernetes")
    site.files.clear()
    site.status[plugin_sum()] = 503
    for _ in range(2):
        assert ensure(["pulumi-resource-kubernetes"]) == {}
    assert len(site.asked) == 1
    os.utime(cache.unreachable_mark(), (0, time.time() - ASK_AGAIN - 1))
    site.status.clear()
    assert site.publish("pulumi-resource-kubernetes") == path
    assert set(ensure(["pulumi-resource-kubernetes"])) == {"pulumi-resource-kubernetes"}


def test_sites_that_answer_again_are_asked_for_plugins_too(site: Site) -> None:
    cache.unreachable_mark().write_text(site.address)
    site.publish("pulumi")
    site.publish("pulumi-resource-kubernetes")
    assert set(ensure(["pulumi", "pulumi-resource-kubernetes"])) == {"pulumi", "pulumi-resource-kubernetes"}


def test_another_mirror_is_asked_at_once(site: Site) -> None:
    cache.unreachable_mark().write_text("https://mirror.example.com")
    site.publish("pulumi-resource-kubernetes")
    assert set(ensure(["pulumi-resource-kubernetes"])) == {"pulumi-resource-kubernetes"}


def plugin_sum() -> str:
    release = PROGRAMS["pulumi-resource-kubernetes"].release
    return mirrored(release.checksum_url.format(version=release.version))


def test_a_plugin_on_path_is_taken_without_a_network(machine: Path) -> None:
    path = executable(machine, "pulumi-resource-kubernetes", "ELF")
    assert ensure(["pulumi-resource-kubernetes"]) == {"pulumi-resource-kubernetes": path}


def test_without_releases_and_without_go_the_error_tells_the_ways_out(machine: Path) -> None:
    etcd_on_path(machine, "3.4.30")
    with pytest.raises(PlatformError) as raised:
        ensure(["etcd", "kwok"])
    for words in ("etcd, kwok", "TENANTRY_RELEASES_URL", "install Go 1.26", "PATH", "tenantry doctor"):
        assert words in str(raised.value)


def test_the_first_programs_are_kept_when_a_later_one_has_a_wrong_sum(site: Site) -> None:
    site.publish("kubectl")
    site.publish("kwok", b"bad", published_for=b"good")
    with pytest.raises(PlatformError, match="is published for it"):
        ensure(["kubectl", "kwok"])
    assert find("kubectl") is not None
    assert find("kwok") is None


def test_two_at_once_download_once(site: Site) -> None:
    path = site.publish("kwok")
    site.gate = threading.Event()
    results: list[dict[str, Path]] = []
    told: list[Phase] = []
    waiting = threading.Event()

    def tell(event: Event) -> None:
        told.append(event.phase)
        if event.phase is Phase.WAITING:
            waiting.set()

    def run() -> None:
        results.append(ensure(["kwok"], tell))

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    assert waiting.wait(30), "the second never waited for the first"
    site.gate.set()
    for thread in both:
        thread.join()
    assert results == [{"kwok": cache.release_program(PROGRAMS["kwok"].release)}] * 2
    assert told.count(Phase.READY) == told.count(Phase.FOUND) == 1
    assert len(site.asked_for(path)) == 1


def test_one_that_waits_can_be_stopped(site: Site) -> None:
    cancel = Cancel()
    with cache.lock(Cancel(), lambda: None), pytest.raises(CancelledError):
        ensure(["kwok"], lambda _: cancel.ask(), cancel)


def test_what_an_interrupted_run_left_half_done_is_never_used(site: Site) -> None:
    release = PROGRAMS["pulumi"].release
    half = cache.staging_folder(f"pulumi-{release.version}") / "pulumi"
    half.mkdir()
    (half / "pulumi").write_text("half of it")
    (half / "rest").write_text("of another time")
    site.publish("pulumi")
    path = ensure(["pulumi"])["pulumi"]
    assert path == cache.release_program(release)
    assert path.read_text().startswith("#!")
    assert not (path.parent / "rest").exists()


def test_events_tell_what_is_left(site: Site, events: list[Event]) -> None:
    site.publish("kwok")
    site.publish("kubectl")
    ensure(["kwok", "kubectl"], events.append)
    seen = [(event.programs, event.phase, event.left) for event in events if event.phase is Phase.READY]
    assert seen == [(("kwok",), Phase.READY, ("kubectl",)), (("kubectl",), Phase.READY, ())]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TENANTRY_CACHE": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/a"),
        ({"XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/b/tenantry"),
        ({"HOME": "/c"}, "/c/.cache/tenantry"),
    ],
)
def test_where_the_cache_is(environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TENANTRY_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cache.root() == Path(expected)
