"""Acting as somebody else, as checks of admission do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import urllib3

from tenantry import kubeconfig
from tenantry.kube import Kube
from tenantry.kube_connection import Connection

CONFIG = """\
apiVersion: v1
kind: Config
current-context: c
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
users: [{name: u, user: {token: t, as: eve, as-groups: ["a,b", c]}}]
"""


class Pool:
    """Answers everything with an empty object."""

    headers: urllib3.HTTPHeaderDict

    def request(self, *_: object, headers: urllib3.HTTPHeaderDict, **__: object) -> Any:
        self.headers = headers
        return urllib3.HTTPResponse(body=b"{}", status=200)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    made = Pool()
    monkeypatch.setattr(Connection, "_pool_for", lambda *_: made)
    return made


def test_a_kubeconfig_may_say_whom_to_act_as(tmp_path: Path, pool: Pool) -> None:
    file = tmp_path / "config"
    file.write_text(CONFIG)
    Kube(kubeconfig.load(file)).raw("GET", "/version")
    assert pool.headers.getlist("Impersonate-User") == ["eve"]
    assert pool.headers.getlist("Impersonate-Group") == ["a,b", "c"]


def test_whoever_acts_as_nobody_is_themselves(tmp_path: Path, pool: Pool) -> None:
    file = tmp_path / "config"
    file.write_text(CONFIG.replace(', as: eve, as-groups: ["a,b", c]', ""))
    kube = Kube(kubeconfig.load(file))
    kube.raw("GET", "/version")
    assert {name for name in pool.headers if name.startswith("Impersonate")} == set()
    kube.acting_as("ada", ("ml",)).raw("GET", "/version")
    assert pool.headers.getlist("Impersonate-User") == ["ada"]
    assert pool.headers.getlist("Impersonate-Group") == ["ml"]
    assert pool.headers["Authorization"] == "Bearer t"
