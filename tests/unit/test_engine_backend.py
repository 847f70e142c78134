from __future__ import annotations

import json
from pathlib import Path

import pytest

from tenantry.engine.backend import Backend, backend
from tenantry.errors import PlatformError
from tenantry.sandbox.layout import Layout


def login(home: Path, text: str) -> dict[str, str]:
    folder = home / ".pulumi"
    folder.mkdir(parents=True)
    (folder / "credentials.json").write_text(text)
    return {"HOME": str(home)}


def test_nobody_set_anything_up(tmp_path: Path) -> None:
    variables = {"HOME": str(tmp_path / "home")}
    state = tmp_path / ".tenantry/state"
    assert backend(tmp_path, {}, variables, sandbox=False) == Backend(state.as_uri(), ours=True, folder=state)


def test_a_sandbox_takes_its_state_along(tmp_path: Path) -> None:
    found = backend(tmp_path, {}, {"HOME": str(tmp_path)}, sandbox=True)
    assert found.folder is not None
    found.folder.mkdir(parents=True)
    Layout(tmp_path / ".tenantry/sandbox").purge()
    assert not found.folder.exists()


def test_the_users_backend_wins(tmp_path: Path) -> None:
    variables = {**login(tmp_path, '{"current": "https://api.example.com"}'), "PULUMI_BACKEND_URL": "s3://states"}
    project = {"backend": {"url": "file:///elsewhere"}}
    assert backend(tmp_path, project, variables, sandbox=True) == Backend("s3://states", ours=False, folder=None)


def test_the_projects_backend_wins_over_a_login(tmp_path: Path) -> None:
    variables = login(tmp_path, '{"current": "https://api.example.com"}')
    found = backend(tmp_path, {"backend": {"url": "file://states?no_tmp_dir=true"}}, variables, sandbox=False)
    assert found == Backend("", ours=False, folder=tmp_path / "states")


@pytest.mark.parametrize(("current", "folder"), [("https://api.example.com", None), ("file://~", Path.home())])
def test_a_login_is_used_as_it_is(tmp_path: Path, current: str, folder: Path | None) -> None:
    variables = login(tmp_path, json.dumps({"current": current}))
    assert backend(tmp_path, {}, variables, sandbox=True) == Backend("", ours=False, folder=folder)


def test_a_token_alone_means_the_cloud(tmp_path: Path) -> None:
    variables = {"HOME": str(tmp_path), "PULUMI_ACCESS_TOKEN": "pul-1"}
    assert backend(tmp_path, {}, variables, sandbox=True) == Backend("", ours=False, folder=None)


def test_inside_the_sandboxes_environment_the_folder_is_still_ours(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    first = backend(tmp_path, {}, home, sandbox=True)
    assert backend(tmp_path, {}, {**home, "PULUMI_BACKEND_URL": first.url}, sandbox=True) == first


def test_unreadable_logins_are_named(tmp_path: Path) -> None:
    variables = login(tmp_path, "{")
    with pytest.raises(PlatformError, match=r"credentials\.json.*pulumi login"):
        backend(tmp_path, {}, variables, sandbox=True)
