"""The API server's own file: upstream's without its MLflow, and with the team's."""

from __future__ import annotations

import json
from typing import Any

from tenantry.pipelines.server_file import UPSTREAM, Tracking, server_file

URL = "http://mlflow.vision.svc.cluster.local:5000"


def told(tracking: Tracking | None) -> dict[str, Any]:
    [(name, text)] = server_file(tracking).items()
    assert name == "config.json"
    found: dict[str, Any] = json.loads(text)
    return found


def test_without_a_registry_nothing_is_tracked_and_no_key_is_in_the_file() -> None:
    assert told(None) == UPSTREAM
    assert "plugins" not in UPSTREAM
    assert not {"AccessKey", "SecretAccessKey"} & UPSTREAM["ObjectStoreConfig"].keys()


def test_runs_are_tracked_at_the_teams_own_registry() -> None:
    assert told(Tracking(url=URL)) == {
        **UPSTREAM,
        "plugins": {
            "mlflow": {
                "endpoint": URL,
                "timeout": "10s",
                "settings": {"authType": "none", "workspacesEnabled": False, "injectUserEnvVars": True},
            }
        },
    }


def test_both_link_to_each_other_where_people_can_open_them() -> None:
    pages = Tracking(url=URL, page="https://registry.vision.example.com", runs="https://pipelines.vision.example.com")
    assert told(pages)["plugins"]["mlflow"]["settings"] == {
        "authType": "none",
        "workspacesEnabled": False,
        "injectUserEnvVars": True,
        "mlflowBaseURL": "https://registry.vision.example.com",
        "kfpBaseURL": "https://pipelines.vision.example.com",
        "kfpRunURLPathTemplate": "/#/runs/details/{run_id}",
    }
