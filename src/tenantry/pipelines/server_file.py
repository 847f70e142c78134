"""`config.json` of Pipelines' API server: what it reads beside its environment, and where runs are tracked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from tenantry.pipelines import words

FOLDER: Final = "/config"
"""Where the image has its own, which this replaces."""
NAME: Final = "ml-pipeline-config"
KEY: Final = "config.json"
RUN: Final = "/#/runs/details/{run_id}"
"""Page of a run in the user interface."""

UPSTREAM: Final[dict[str, Any]] = {
    "DBConfig": {
        "MySQLConfig": {"DataSourceName": "", "DBName": "mlpipeline", "GroupConcatMaxLen": "4194304"},
        "ConMaxLifeTime": "120s",
    },
    "ObjectStoreConfig": {"BucketName": "mlpipeline", "PipelinePath": "pipelines"},
    "DBDriverName": "mysql",
    "ARCHIVE_CONFIG_LOG_FILE_NAME": "main.log",
    "ARCHIVE_CONFIG_LOG_PATH_PREFIX": "/artifacts",
    "InitConnectionTimeout": "6m",
    "DEFAULTPIPELINERUNNERSERVICEACCOUNT": words.RUNNER,
    "CacheEnabled": "true",
    "CRON_SCHEDULE_TIMEZONE": "UTC",
    "CACHE_IMAGE": "ghcr.io/containerd/busybox",
    "CACHE_NODE_RESTRICTIONS": "false",
}
"""What the image's own file says at 2.17.0 (backend/src/apiserver/config/config.json), less two things. The keys of an
object store the environment gives. And `plugins` there tracks every run at an MLflow in `opendatahub`, with a
certificate that is not in the image, so that every run would show a plugin that failed."""


@dataclass(frozen=True, kw_only=True)
class Tracking:
    """The registry of the same team, where every run becomes a run of MLflow's."""

    url: str
    """Within the cluster: for the API server and for steps, as `MLFLOW_TRACKING_URI`."""
    page: str | None = None
    """Where people open the registry. None: nowhere, and runs show no link."""
    runs: str | None = None
    """Where people open Pipelines, for links back."""


def server_file(tracking: Tracking | None) -> dict[str, str]:
    """The file, as a ConfigMap has it.

    A server for one namespace reads the plugin's settings here and nowhere else: `plugins.mlflow` of `kfp-launcher` is
    for many namespaces, and there names no address either.
    """
    plugins = {"plugins": {"mlflow": _mlflow(tracking)}} if tracking else {}
    return {KEY: json.dumps({**UPSTREAM, **plugins}, indent=2, sort_keys=True) + "\n"}


def _mlflow(tracking: Tracking) -> dict[str, Any]:
    settings: dict[str, Any] = {
        # The network lets in the team alone, and the registry knows no users.
        "authType": "none",
        "workspacesEnabled": False,
        # Steps find their own run without a line of configuration.
        "injectUserEnvVars": True,
    }
    links = {"mlflowBaseURL": tracking.page, "kfpBaseURL": tracking.runs}
    settings |= {key: value for key, value in links.items() if value}
    if tracking.runs:
        settings["kfpRunURLPathTemplate"] = RUN
    # A registry that is away costs a new run this long, and the run starts all the same.
    return {"endpoint": tracking.url, "timeout": "10s", "settings": settings}
