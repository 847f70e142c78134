"""A release site on loopback, and what it publishes."""

from __future__ import annotations

import hashlib
import http.server
import io
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tenantry.sandbox.toolchain.programs import PROGRAMS, fill

SCRIPT = "#!/bin/sh\necho {name} v{version}\n"


@dataclass
class Site:
    """What the site serves, how it misbehaves, and what was asked of it."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Path below the mirror → content."""
    cut: dict[str, list[int]] = field(default_factory=dict)
    """Path → after how many bytes each of the next answers breaks off."""
    status: dict[str, int] = field(default_factory=dict)
    """Path → status to answer with instead of a file."""
    ranges: bool = True
    """Whether it continues a download where the client asks for it."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Every request: path and Range header."""
    gate: threading.Event | None = None
    """Answers wait for it."""
    address: str = ""

    def publish(self, name: str, content: bytes | None = None, *, published_for: bytes | None = None) -> str:
        """Serve a program's release, with the sum of `published_for`, else of its true content. Returns its path."""
        release = PROGRAMS[name].release
        served = packed(name) if content is None else content
        path = mirrored(fill(release.url, release.version))
        self.files[path] = served
        digest = hashlib.sha256(served if published_for is None else published_for).hexdigest()
        file = path.rpartition("/")[2]
        sums = mirrored(fill(release.checksum_url, release.version))
        if "api.github.com" in sums:
            self.files[sums] = f'{{"assets": [{{"name": "{file}", "digest": "sha256:{digest}"}}]}}'.encode()
        elif sums.endswith(".sha256"):
            self.files[sums] = digest.encode()
        else:
            self.files[sums] = f"{'0' * 64}  other\n{digest}  {file}\n".encode()
        return path

    def asked_for(self, path: str) -> list[str]:
        """The Range headers of the requests for one path."""
        return [header for asked, header in self.asked if asked == path]


def mirrored(url: str) -> str:
    """Path of a vendor's address on a mirror."""
    return url.removeprefix("https:/")


def packed(name: str) -> bytes:
    """A release of the program as its vendor packs it: a script that tells its version."""
    release = PROGRAMS[name].release
    script = SCRIPT.format(name=name, version=release.version).encode()
    if not release.url.endswith(".tar.gz"):
        return script
    return archive({fill(release.member, release.version): script, "LICENSE": b"free"})


def archive(members: Mapping[str, bytes]) -> bytes:
    """A tar.gz."""
    packed_file = io.BytesIO()
    with tarfile.open(fileobj=packed_file, mode="w:gz") as tar:
        for path, content in members.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return packed_file.getvalue()


@contextmanager
def serving() -> Iterator[Site]:
    """Run a site on a free port."""
    site = Site()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(site))
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        if site.gate:
            site.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


def handler(site: Site) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            site.asked.append((self.path, asked))
            if site.gate:
                site.gate.wait(30)
            content = site.files.get(self.path)
            if self.path in site.status or content is None:
                self.send_response(site.status.get(self.path, 404))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and site.ranges else 0
            if start >= len(content):
                self.send_response(416)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            cuts = site.cut.get(self.path, [])
            end = start + cuts.pop(0) if cuts else len(content)
            self.wfile.write(content[start:end])

        def log_request(self, code: object = "-", size: object = "-") -> None:
            pass  # pytest's output is no access log

    return Handler


def executable(folder: Path, name: str, text: str) -> Path:
    """Write a script that can be run."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path
