from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain import cache
from tenantry.sandbox.toolchain.cancelling import Cancel, CancelledError
from tenantry.sandbox.toolchain.download import ATTEMPTS, NotPublishedError, Sites, UnreachableError, published_sum
from tenantry.sandbox.toolchain.events import Event, Phase, Reporter, quiet
from tenantry.sandbox.toolchain.programs import PROGRAMS
from tenantry.sandbox.toolchain.release import take

from .release_site import Site, archive, mirrored


def download(name: str, sites: Sites | None = None) -> Path:
    return take(PROGRAMS[name], sites or Sites(Cancel()), Reporter(quiet, [name]))


def installed() -> list[str]:
    """Programs that a later run would take from the cache, and downloads that it would continue."""
    return sorted(str(path.relative_to(cache.root())) for path in cache.root().rglob("*") if path.is_file())


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "etcd" or os.uname().sysname == "Linux"])
def test_a_release_with_its_published_sum_is_installed(site: Site, name: str) -> None:
    site.publish(name)
    path = download(name)
    said = subprocess.run([path], capture_output=True, text=True, check=True).stdout
    assert said == f"{name} v{PROGRAMS[name].release.version}\n"
    assert list((cache.root() / "downloads").iterdir()) == []


def test_an_archive_is_unpacked_whole(site: Site) -> None:
    content = archive({"pulumi/pulumi": b"engine", "pulumi/pulumi-language-python-exec": b"beside it"})
    site.publish("pulumi", content)
    assert (download("pulumi").parent / "pulumi-language-python-exec").read_bytes() == b"beside it"


def test_an_archive_without_the_program_is_refused(site: Site) -> None:
    site.publish("pulumi", archive({"pulumi/README": b"nothing here"}))
    with pytest.raises(PlatformError, match="holds no pulumi/pulumi"):
        download("pulumi")
    assert not cache.release_folder(PROGRAMS["pulumi"].release).exists()


def test_a_member_outside_of_the_archive_is_refused(site: Site) -> None:
    site.publish("pulumi", archive({"../../../../outside": b"x", "pulumi/pulumi": b"engine"}))
    with pytest.raises(PlatformError, match="cannot be unpacked"):
        download("pulumi")
    assert [path for path in installed() if "outside" in path] == []


def test_a_wrong_sum_installs_nothing_and_keeps_nothing(site: Site) -> None:
    path = site.publish("kwok", b"not what was published", published_for=b"what was published")
    with pytest.raises(PlatformError, match=r"has SHA-256 .* is published for it. Nothing was installed"):
        download("kwok")
    assert installed() == []
    assert len(site.asked_for(path)) == 1


def test_a_download_that_breaks_off_is_continued(site: Site) -> None:
    content = b"#!/bin/sh\n" + b"# padding\n" * 1000
    path = site.publish("kwok", content)
    site.cut[path] = [4000, 3000]
    assert download("kwok").read_bytes() == content
    assert site.asked_for(path) == ["", "bytes=4000-", "bytes=7000-"]


def test_a_site_that_ignores_ranges_is_asked_for_the_whole(site: Site) -> None:
    content = b"#!/bin/sh\n" + b"# padding\n" * 1000
    path = site.publish("kwok", content)
    site.cut[path] = [4000]
    site.ranges = False
    assert download("kwok").read_bytes() == content


def test_what_was_downloaded_before_the_site_went_away_is_continued_by_the_next_run(site: Site) -> None:
    content = b"#!/bin/sh\n" + b"# padding\n" * 1000
    path = site.publish("kwok", content)
    site.cut[path] = [1000] * ATTEMPTS
    with pytest.raises(UnreachableError):
        download("kwok")
    assert not cache.release_folder(PROGRAMS["kwok"].release).exists()
    site.asked.clear()
    assert download("kwok").read_bytes() == content
    assert site.asked_for(path) == [f"bytes={1000 * ATTEMPTS}-"]


def test_a_damaged_rest_of_an_earlier_run_is_no_reason_to_distrust_the_site(site: Site) -> None:
    content = b"#!/bin/sh\n" + b"# padding\n" * 1000
    path = site.publish("kwok", content)
    digest = published_sum(site.files[mirrored_sum("kwok")].decode(), path.rpartition("/")[2])
    cache.download_part(digest).write_bytes(b"\0" * 500)
    assert download("kwok").read_bytes() == content
    assert site.asked_for(path) == ["bytes=500-", ""]


def mirrored_sum(name: str) -> str:
    release = PROGRAMS[name].release
    return mirrored(release.checksum_url.format(version=release.version))


def test_a_rest_that_is_whole_already_is_not_downloaded_again(site: Site) -> None:
    content = b"#!/bin/sh\n"
    path = site.publish("kwok", content)
    digest = published_sum(site.files[mirrored_sum("kwok")].decode(), path.rpartition("/")[2])
    cache.download_part(digest).write_bytes(content)
    assert download("kwok").read_bytes() == content


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_file_that_is_not_there_is_not_published(site: Site, status: int) -> None:
    path = site.publish("kwok")
    site.status[path] = status
    with pytest.raises(NotPublishedError, match=f"HTTP {status}"):
        download("kwok")


def test_a_file_without_a_published_sum_is_not_taken(site: Site) -> None:
    path = site.publish("kwok")
    site.files[mirrored_sum("kwok")] = b'{"assets": [{"name": "other", "digest": null}]}'
    with pytest.raises(NotPublishedError, match="no SHA-256 is published"):
        download("kwok")
    assert site.asked_for(path) == []


def test_once_a_site_fails_no_other_is_asked(site: Site) -> None:
    site.publish("kubectl")
    site.status[mirrored_sum("kwok")] = 503
    site.files[mirrored_sum("kwok")] = b""
    sites = Sites(Cancel())
    with pytest.raises(UnreachableError, match=r"127.0.0.1:.* cannot be reached"):
        download("kwok", sites)
    with pytest.raises(UnreachableError):
        download("kubectl", sites)
    assert [path for path, _ in site.asked] == [mirrored_sum("kwok")]


def test_no_network(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound but not listening: a connection is refused
        monkeypatch.setenv("TENANTRY_RELEASES_URL", f"http://127.0.0.1:{unused.getsockname()[1]}")
        sites = Sites(Cancel())
        with pytest.raises(UnreachableError):
            download("kwok", sites)
        assert "cannot be reached" in sites.unreachable


def test_off_asks_no_site(machine: Path) -> None:
    with pytest.raises(UnreachableError, match="TENANTRY_RELEASES_URL=off"):
        download("kwok")


def test_a_download_can_be_stopped_and_goes_on_later(site: Site, events: list[Event]) -> None:
    content = b"x" * 3_000_000
    path = site.publish("kwok", content)
    cancel = Cancel()

    def stop(event: Event) -> None:
        events.append(event)
        cancel.ask()

    with pytest.raises(CancelledError):
        take(PROGRAMS["kwok"], Sites(cancel), Reporter(stop, ["kwok"]))
    assert [event.phase for event in events] == [Phase.DOWNLOADING]
    assert events[0].total == len(content)
    assert download("kwok").read_bytes() == content
    assert site.asked_for(path) == ["", f"bytes={events[0].done}-"]


SUM = "a" * 64


@pytest.mark.parametrize(
    "text",
    [
        SUM,
        f"{SUM}\n",
        f"{SUM.upper()}  kwok",
        f"{'b' * 64}  other\n{SUM}  kwok\n",
        f"{SUM} *./dist/kwok\n",
        f'{{"assets": [{{"name": "other"}}, {{"name": "kwok", "digest": "sha256:{SUM}"}}]}}',
    ],
)
def test_where_a_published_sum_stands(text: str) -> None:
    assert published_sum(text, "kwok") == SUM


@pytest.mark.parametrize("text", ["", "<html>", "d41d8cd98f  kwok", f"{SUM}  kwokctl", '{"assets": []}', "{}"])
def test_what_is_no_published_sum(text: str) -> None:
    with pytest.raises(NotPublishedError):
        published_sum(text, "kwok")
