"""The state file: whole or refused, with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.errors import PlatformError
from tenantry.sandbox import state


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    saved = state.State({"etcd": 20001}, {"abc": [("kueue.x-k8s.io/v1beta2", "Cohort")]})
    state.save(path, saved)
    assert state.load(path) == saved
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_file_means_nothing_remembered(tmp_path: Path) -> None:
    assert state.load(tmp_path / "state.json") == state.State()


@pytest.mark.parametrize(
    "content",
    [
        "",
        '{"ports": {"etcd": 200',
        "[]",
        '{"ports": {}}',
        '{"ports": {"etcd": "x"}, "definitions": {}}',
        '{"ports": {"etcd": 99999}, "definitions": {}}',
        '{"ports": [], "definitions": {}}',
        '{"ports": {}, "definitions": {"abc": [1]}}',
        "\x00\xff",
    ],
)
def test_a_damaged_file_is_refused_with_a_way_out(content: str, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(content)
    with pytest.raises(PlatformError) as raised:
        state.load(path)
    assert str(raised.value).startswith(f"{path} is damaged (")
    assert "Remove that file and run `tenantry sandbox up`" in str(raised.value)
    assert "the cluster's data stays" in str(raised.value)
