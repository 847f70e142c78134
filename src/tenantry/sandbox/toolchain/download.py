"""Downloads from release sites: streamed, continued where they broke off, checked before anyone sees them.

`TENANTRY_RELEASES_URL` names a mirror for machines that cannot reach the vendors. It serves each address below its
own host's name: `https://dl.k8s.io/x` is asked of it as `$TENANTRY_RELEASES_URL/dl.k8s.io/x`. The value `off` forbids
downloads.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain import cache
from tenantry.sandbox.toolchain.cancelling import Cancel

MIRROR: Final = "TENANTRY_RELEASES_URL"
CONNECT_TIMEOUT: Final = 3.0
"""Seconds. A site that has not answered by then is taken for unreachable, and so are the others."""
READ_TIMEOUT: Final = 30.0
"""Seconds without a byte after which a download counts as broken off."""
ATTEMPTS: Final = 4
"""How often one download is started or continued before the site counts as unreachable."""
ASK_AGAIN: Final = 3600.0
"""Seconds. For this long, sites that did not answer are not asked for what has a stand-in: every start would wait."""
CHUNK: Final = 1 << 18
_OK, _PARTIAL, _RANGE = 200, 206, 416
_SERVER_ERRORS: Final = 500

Told = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes that there will be."""


class NotPublishedError(Exception):
    """The site answers, but has no such file: this version or this machine's platform is not published."""


class UnreachableError(Exception):
    """The site does not answer, or broke off again and again."""


class Sites:
    """The release sites during one run. Once one cannot be reached, none is asked again."""

    def __init__(self, cancel: Cancel) -> None:
        self._mirror = os.environ.get(MIRROR, "").rstrip("/")
        self._cancel = cancel
        self.unreachable = f"{MIRROR}=off" if self._mirror == "off" else ""
        """Why no site is asked any more. Empty while they answer."""

    @property
    def lately_unreachable(self) -> bool:
        """Whether these sites did not answer in the last hour."""
        mark = cache.unreachable_mark()
        fresh = mark.exists() and time.time() - mark.stat().st_mtime < ASK_AGAIN
        return fresh and mark.read_text() == self._mirror

    def fetch(self, url: str, checksum_url: str, told: Told) -> Path:
        """Download a file, and check it against its published sum.

        Returns:
            The file, in the cache's downloads. The caller moves or removes it.

        Raises:
            NotPublishedError: the site has no such file.
            UnreachableError: the sites cannot be reached.
            PlatformError: the sum is another than the published one. Nothing is kept.
        """
        if self.unreachable:
            raise UnreachableError(self.unreachable)
        try:
            expected = published_sum(self._text(checksum_url), url.rpartition("/")[2])
            cache.unreachable_mark().unlink(missing_ok=True)
            return self._verified(url, expected, told)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            self.unreachable = f"{urlsplit(self._address(url)).netloc} cannot be reached"
            cache.unreachable_mark().write_text(self._mirror)
            raise UnreachableError(self.unreachable) from error

    def _address(self, url: str) -> str:
        return url.replace("https://", f"{self._mirror}/", 1) if self._mirror else url

    def _text(self, url: str) -> str:
        response = self._get(url, 0)
        with response:
            return response.read(decode_content=True).decode()

    def _get(self, url: str, start: int) -> urllib3.BaseHTTPResponse:
        address = self._address(url)
        headers = {"User-Agent": "tenantry", "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        response = _pool(address).request(
            "GET",
            address,
            headers=headers,
            preload_content=False,
            timeout=urllib3.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT),
            retries=urllib3.Retry(total=5, connect=0, read=0, status=0, other=0),
        )
        if response.status in {_OK, _PARTIAL, _RANGE}:
            return response
        response.close()
        if response.status >= _SERVER_ERRORS:
            raise urllib3.exceptions.ResponseError(f"{address}: HTTP {response.status}")
        raise NotPublishedError(f"{address}: HTTP {response.status}")

    def _verified(self, url: str, expected: str, told: Told) -> Path:
        part = cache.download_part(expected)
        continued = part.exists()
        self._complete(url, part, told)
        if _sum_of(part) != expected and continued:
            # What an earlier run left may be damaged; that is no reason to distrust the site.
            part.unlink()
            self._complete(url, part, told)
        if (found := _sum_of(part)) == expected:
            return part
        part.unlink()
        raise PlatformError(
            f"{self._address(url)} has SHA-256 {found}, but {expected} is published for it. Nothing was installed. "
            f"Try again later; if it stays so, the site or the network between is not to be trusted. "
            f"To build from source instead: {MIRROR}=off."
        )

    def _complete(self, url: str, part: Path, told: Told) -> None:
        for attempt in range(ATTEMPTS):
            try:
                self._continue(url, part, told)
            except (urllib3.exceptions.ProtocolError, urllib3.exceptions.ReadTimeoutError):
                if attempt == ATTEMPTS - 1:
                    raise
                self._cancel.wait(0.2 * attempt)
            else:
                return

    def _continue(self, url: str, part: Path, told: Told) -> None:
        start = part.stat().st_size if part.exists() else 0
        with self._get(url, start) as response:
            if response.status == _RANGE:  # nothing is missing; the sum will tell
                return
            if response.status == _OK:
                start = 0
            total = start + int(response.headers.get("Content-Length") or 0)
            with part.open("r+b" if start else "wb") as file:
                file.seek(start)
                for chunk in response.stream(CHUNK, decode_content=False):
                    self._cancel.check()
                    file.write(chunk)
                    told(file.tell(), total)


def _pool(address: str) -> urllib3.PoolManager:
    parts = urlsplit(address)
    proxy = getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy)
    return urllib3.PoolManager()


def published_sum(text: str, file: str) -> str:
    """The SHA-256 that a vendor publishes for a file: from a release's JSON, a list of sums, or a lone sum.

    Raises:
        NotPublishedError: the text names no sum for the file.
    """
    candidates = _from_json(json.loads(text)) if text.lstrip().startswith("{") else _from_lines(text, file)
    found = candidates.get(file, "").removeprefix("sha256:")
    if not re.fullmatch(r"[0-9a-f]{64}", found):
        raise NotPublishedError(f"no SHA-256 is published for {file}")
    return found


def _from_json(release: dict[str, Any]) -> dict[str, str]:
    return {asset["name"]: asset.get("digest") or "" for asset in release.get("assets", [])}


def _from_lines(text: str, file: str) -> dict[str, str]:
    rows = [line.split() for line in text.splitlines() if line.strip()]
    if len(rows) == 1 and len(rows[0]) == 1:
        return {file: rows[0][0].lower()}
    return {row[1].lstrip("*").rpartition("/")[2]: row[0].lower() for row in rows if len(row) > 1}


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
