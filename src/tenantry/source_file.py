"""Opening a file that somebody else wrote: what it is on disk, and which characters may be in it."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from pathlib import Path

from tenantry.errors import InputError, PlatformError, Problem

MAX_BYTES = 256 * 1024
"""Largest file that is read. Tenantry's own choice: a hundred times the longest example."""

_PLAIN = re.compile(r"[\n\x20-\x7e]*")
_KINDS = {
    "Cc": "the control character",
    "Cf": "the invisible character",
    "Zl": "the line separator",
    "Zp": "the paragraph separator",
    "Zs": "the unusual space",
}


def relative(path: Path, root: Path) -> str:
    """A file's path as problems name it: from the root, with forward slashes, printable whatever its bytes."""
    return path.relative_to(root).as_posix().encode("utf-8", "backslashreplace").decode()


def read_text(path: Path, *, root: Path) -> str:
    r"""The text of a regular file below `root`, its line ends made `\n`.

    Raises:
        InputError: the file is missing, a link or executable; it is above MAX_BYTES, empty or not UTF-8; or
            characters are in it that a reader cannot see or tell apart.
        PlatformError: the machine cannot read it.
    """
    name = relative(path, root)
    _refuse_links(path, root)
    try:
        text = _bytes(path, name).decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        column = error.start - error.object.rfind(b"\n", 0, error.start)
        raise _wrong(name, "is not UTF-8", "Save it as UTF-8", line, column) from error
    # Git on Windows checks files out with CRLF: the same content, so the same meaning.
    text = text.replace("\r\n", "\n")
    _refuse_characters(text, name)
    return text


def _refuse_links(path: Path, root: Path) -> None:
    """Each folder from the root down to the file is the folder itself, so that no file outside the root is read."""
    for part in (*reversed(path.relative_to(root).parents), path.relative_to(root)):
        if (root / part).is_symlink():
            raise _wrong(relative(root / part, root), "is a symbolic link", "Put the file itself here")


def _bytes(path: Path, name: str) -> bytes:
    try:
        # O_NONBLOCK: opening a named pipe must not wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _wrong(name, "is missing", "Add it, or correct the name") from error
    except OSError as error:
        raise PlatformError(f"{name} cannot be read: {error.strerror}.") from error
    with os.fdopen(handle, "rb") as file:
        _refuse_kind(os.fstat(handle), name)
        return file.read(MAX_BYTES + 1)


def _refuse_kind(status: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _wrong(name, "is not a regular file", "Put a YAML file here")
    if status.st_mode & 0o111:
        raise _wrong(name, "is executable", f"Data is never run: chmod 644 {name}")
    if status.st_size > MAX_BYTES:
        raise _wrong(name, f"has {status.st_size:,} bytes", f"At most {MAX_BYTES:,} are read")


def _refuse_characters(text: str, name: str) -> None:
    if _PLAIN.fullmatch(text):
        return
    if text.startswith("\ufeff"):
        raise _wrong(name, "starts with a byte order mark", "Save it as UTF-8 without BOM")
    problems = [
        problem
        for number, line in enumerate(text.split("\n"), 1)
        if not _PLAIN.fullmatch(line)
        for problem in _in_line(line, number, name)
    ]
    if problems:
        raise InputError(problems)


def _in_line(line: str, number: int, name: str) -> list[Problem]:
    """At most one problem a line: a pasted text of a thousand odd spaces needs no thousand lines to say so."""
    for column, character in enumerate(line, 1):
        if character == "\t":
            return [Problem(name, number, column, "", "has a tab", "Use spaces")]
        kind = unicodedata.category(character)
        if character != " " and (kind in _KINDS or kind in {"Cn", "Co", "Cs"}):
            what = f"has {_KINDS.get(kind, 'the unassigned character')} U+{ord(character):04X}"
            return [Problem(name, number, column, "", what, "Remove it, or type the plain character instead")]
    return []


def _wrong(name: str, what: str, fix: str, line: int = 1, column: int = 1) -> InputError:
    return InputError([Problem(name, line, column, "", what, fix)])
