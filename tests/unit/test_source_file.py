"""Files that git or a case folder cannot hold: bytes, links, pipes, modes, sizes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tenantry import source_file
from tenantry.catalog import load_catalog, load_tenant
from tenantry.errors import InputError, PlatformError
from tenantry.source_file import MAX_BYTES, read_text
from tests.unit.projects import TENANT, add, project

BYTES = {
    "nul": (b"id: a\x00b\n", "1:6: has the control character U+0000"),
    "escape": (b"id: \x1b[31m\n", "1:5: has the control character U+001B"),
    "delete": (b"id: a\n# \x7f\n", "2:3: has the control character U+007F"),
    "next line": ("id: a\u0085b\n".encode(), "1:6: has the control character U+0085"),
    "latin-1": ("id: a\nteam: é\n".encode("latin-1"), "2:7: is not UTF-8"),
    "utf-16": ("id: a\n".encode("utf-16"), "1:1: is not UTF-8"),
    "surrogate": (b"id: \xed\xa0\x80\n", "1:5: is not UTF-8"),
    "overlong": (b"id: \xc0\xaf\n", "1:5: is not UTF-8"),
    "isolate": ("id: \u2066a\u2069\n".encode(), "1:5: has the invisible character U+2066"),
    "soft hyphen": ("id: a\u00adb\n".encode(), "1:6: has the invisible character U+00AD"),
    "tag character": ("id: a\U000e0041\n".encode(), "1:6: has the invisible character U+E0041"),
    "private": ("id: \ue000\n".encode(), "1:5: has the unassigned character U+E000"),
    "ideographic space": ("id: a\u3000b\n".encode(), "1:6: has the unusual space U+3000"),
    "large": (b"#" * (MAX_BYTES + 1), "1:1: has 262,145 bytes"),
    "10 MB": (b"#" * 10_000_000, "1:1: has 10,000,000 bytes"),
}


@pytest.mark.parametrize(("content", "wrong"), BYTES.values(), ids=BYTES)
def test_bytes_that_are_refused(tmp_path: Path, content: bytes, wrong: str) -> None:
    add(project(tmp_path), content)
    with pytest.raises(InputError) as caught:
        load_catalog(tmp_path)
    assert len(caught.value.problems) == 1
    assert str(caught.value).startswith(f"tenants/vision/tenant.yaml:{wrong}")


def test_the_largest_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "largest.yaml"
    file.write_bytes(b"#" * MAX_BYTES)
    assert len(read_text(file, root=tmp_path)) == MAX_BYTES


def test_windows_line_ends_mean_the_same(tmp_path: Path) -> None:
    file = tmp_path / "windows.yaml"
    file.write_bytes(b"id: a\r\nb: c\r\n")
    assert read_text(file, root=tmp_path) == "id: a\nb: c\n"


def test_letters_of_any_script_are_read(tmp_path: Path) -> None:
    file = tmp_path / "letters.yaml"
    file.write_text("team: 画像 Équipe\n", encoding="utf-8")
    assert read_text(file, root=tmp_path) == "team: 画像 Équipe\n"


def refused(root: Path) -> str:
    """The one problem that the catalog and the stack of one tenant both have with a project."""
    with pytest.raises(InputError) as whole:
        load_catalog(root)
    with pytest.raises(InputError) as alone:
        load_tenant(root, "vision", "lab")
    assert alone.value.problems == whole.value.problems
    [problem] = whole.value.problems
    return str(problem)


def test_a_link_is_refused(tmp_path: Path) -> None:
    file = add(project(tmp_path / "project"))
    file.rename(tmp_path / "elsewhere.yaml")
    file.symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(InputError, match=r"tenant\.yaml:1:1: is a symbolic link\. Put the file itself here\."):
        load_tenant(tmp_path / "project", "vision", "lab")
    with pytest.raises(InputError, match=r"tenant\.yaml:1:1: is a symbolic link\. Put the file itself here\."):
        load_catalog(tmp_path / "project")


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    folder = add(project(tmp_path / "project")).parent
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    link = "tenants/vision:1:1: is a symbolic link. Put the file itself here."
    assert refused(tmp_path / "project") == link


def test_a_link_that_appears_between_looking_and_opening_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tenant.yaml"
    file.symlink_to("/etc/hostname")
    monkeypatch.setattr(source_file, "_refuse_links", lambda *_: None)
    with pytest.raises(PlatformError, match="cannot be read"):
        read_text(file, root=tmp_path)


def test_an_executable_is_refused(tmp_path: Path) -> None:
    add(project(tmp_path)).chmod(0o755)
    assert "is executable. Data is never run: chmod 644 tenants/vision/tenant.yaml." in refused(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    file = add(project(tmp_path))
    file.unlink()
    os.mkfifo(file)
    assert "is not a regular file" in refused(tmp_path)


def test_a_name_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tenant.yaml").write_text(TENANT)
    project(tmp_path / "project")
    for name in ("../..", "..", "/etc", "a/../../.."):
        with pytest.raises(InputError, match="is not a DNS label"):
            load_tenant(tmp_path / "project", name, "lab")
        with pytest.raises(InputError, match="is not a DNS label"):
            load_tenant(tmp_path / "project", "vision", name)


def test_a_missing_file_is_the_writers_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tenants/vision/tenant\.yaml:1:1: is missing"):
        load_tenant(project(tmp_path), "vision", "lab")


def test_an_unreadable_file_is_the_machines_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more(*_: object) -> int:
        raise OSError(24, "Too many open files")

    add(project(tmp_path))
    monkeypatch.setattr(os, "open", no_more)
    with pytest.raises(PlatformError, match="Too many open files"):
        load_tenant(tmp_path, "vision", "lab")
