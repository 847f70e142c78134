"""Files and the lock: ours alone, whole, and one command at a time."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tenantry.errors import PlatformError
from tenantry.sandbox.files import locked, private_folder, write_private


def test_a_folder_that_others_could_read_becomes_ours_alone(tmp_path: Path) -> None:
    folder = tmp_path / "box"
    folder.mkdir(mode=0o755)
    assert private_folder(folder).stat().st_mode & 0o777 == 0o700


def test_a_file_that_others_could_read_becomes_ours_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_draft_that_a_killed_run_left_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".key.draft").write_text("half")
    write_private(tmp_path / "key", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_second_holder_gives_up_and_says_why(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(PlatformError, match=f"Another command has worked on the sandbox in {tmp_path}"),
        locked(tmp_path, wait=0),
    ):
        raise AssertionError("two held the lock")


def test_the_lock_is_free_after_a_failure(tmp_path: Path) -> None:
    def fail() -> None:
        with locked(tmp_path):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with locked(tmp_path, wait=0):
        assert (tmp_path / "lock").exists()


def test_who_waited_while_the_folder_was_purged_holds_the_new_lock(tmp_path: Path) -> None:
    folder = tmp_path / "box"
    held, purged = threading.Event(), threading.Event()

    def wait() -> None:
        held.wait()
        with locked(folder, wait=30):
            purged.wait()
            assert (folder / "lock").exists()
            (folder / "mine").touch()

    waiting = threading.Thread(target=wait)
    waiting.start()
    with locked(folder):
        held.set()
        (folder / "lock").unlink()
        # As a purge does: who waits may have made the next lock by now.
        with suppress(OSError):
            folder.rmdir()
    purged.set()
    waiting.join()
    assert (folder / "mine").exists()


def test_a_folder_that_is_purged_before_its_lock_is_made_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = tmp_path / "box", os.open
    purges = [folder.rmdir]

    def opened(path: Path, flags: int, mode: int) -> int:
        if purges:
            purges.pop()()
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", opened)
    with locked(folder, wait=30):
        assert (folder / "lock").exists()
    assert not purges
