from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.engine.passphrase import FILE, passphrase
from tenantry.errors import PlatformError


def test_it_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = passphrase(tmp_path, {}, state=tmp_path / "state")
    file = Path(first["PULUMI_CONFIG_PASSPHRASE_FILE"])
    made = file.read_text()
    assert (len(made) >= 32, file.stat().st_mode & 0o777) == (True, 0o600)
    assert passphrase(tmp_path, {}, state=tmp_path / "state") == first
    assert file.read_text() == made
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("setting", ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
def test_the_users_setting_wins_even_if_empty(tmp_path: Path, setting: str) -> None:
    assert passphrase(tmp_path, {setting: ""}, state=tmp_path) == {}
    assert not (tmp_path / FILE).exists()


def test_a_lost_one_is_not_made_anew_over_state_that_it_opens(tmp_path: Path) -> None:
    stacks = tmp_path / "state/.pulumi/stacks/tenantry"
    stacks.mkdir(parents=True)
    (stacks / "vision.sandbox.json").write_text("{}")
    with pytest.raises(PlatformError, match=r"passphrase is gone.*Restore it"):
        passphrase(tmp_path, {}, state=tmp_path / "state")
    assert not (tmp_path / FILE).exists()
