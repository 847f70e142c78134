"""Takes a program from its vendor's release: download, check, unpack, and only then put it in the cache."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from pathlib import Path

from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain import cache
from tenantry.sandbox.toolchain.download import Sites
from tenantry.sandbox.toolchain.events import Phase, Reporter
from tenantry.sandbox.toolchain.programs import Program, Release, fill


def take(program: Program, sites: Sites, reporter: Reporter) -> Path:
    """Download a program's release into the cache.

    Raises:
        NotPublishedError: the vendor has no such file for this machine.
        UnreachableError: the release sites cannot be reached.
        PlatformError: the file has not the published sum, or lacks the program.
    """
    release = program.release
    url = fill(release.url, release.version)
    file = sites.fetch(
        url,
        fill(release.checksum_url, release.version),
        lambda done, total: reporter.tell((program.name,), Phase.DOWNLOADING, url, done=done, total=total),
    )
    draft = cache.staging_folder(f"{release.package}-{release.version}")
    _unpack(file, url, draft, release)
    cache.install(draft, cache.release_folder(release))
    return cache.release_program(release)


def _unpack(file: Path, url: str, draft: Path, release: Release) -> None:
    member = fill(release.member, release.version)
    try:
        _extract(file, url, draft, member)
    except (tarfile.TarError, zipfile.BadZipFile, OSError) as error:
        raise PlatformError(f"{url} cannot be unpacked: {error}. Nothing was installed.") from error
    if not (draft / member).is_file():
        raise PlatformError(f"{url} holds no {member}. Nothing was installed; report this to Tenantry.")
    (draft / member).chmod(0o755)
    file.unlink()


def _extract(file: Path, url: str, draft: Path, member: str) -> None:
    if url.endswith(".tar.gz"):
        with tarfile.open(file) as archive:
            # Whole: Pulumi's language host needs the files beside it. The filter keeps every member inside.
            archive.extractall(draft, filter="data")
    elif url.endswith(".zip"):
        with zipfile.ZipFile(file) as zipped:
            zipped.extract(member, draft)
    else:
        shutil.copyfile(file, draft / member)
