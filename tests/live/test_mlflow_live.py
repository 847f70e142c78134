"""The registry for real: MLflow itself, started with the very command and environment that a team's component renders.

MLflow is no dependency of Tenantry's and `make test` does not collect this folder. Where PyPI can be reached:

    uv run --with 'mlflow==3.13.0' pytest tests/live
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3

from tenantry.registry.client import Client
from tenantry.registry.resolve import resolve
from tenantry.registry.scripts import UPGRADE
from tenantry.registry.server import allowed_hosts, command, variables

ROOT = Path(__file__).parents[2]
DIGEST = f"sha256:{'ab' * 32}"
START = 120
"""Seconds for the first start: it imports MLflow in every worker and makes every table."""

TRAIN = textwrap.dedent(
    f"""
    import mlflow
    import mlflow.sklearn
    import pandas
    from sklearn.linear_model import LogisticRegression

    data = pandas.DataFrame({{"width": [0.0, 1.0, 2.0, 3.0], "defect": [0, 0, 1, 1]}})
    mlflow.set_experiment("live")
    with mlflow.start_run() as run:
        mlflow.set_tag("mlflow.source.git.commit", "c0ffee")
        mlflow.log_input(mlflow.data.from_pandas(data, name="parts", digest="{DIGEST}"), context="training")
        model = LogisticRegression().fit(data[["width"]], data["defect"])
        mlflow.log_metric("auc", 0.91)
        mlflow.sklearn.log_model(model, name="model", registered_model_name="detector")
    mlflow.MlflowClient().set_registered_model_alias("detector", "champion", "1")
    found = mlflow.sklearn.load_model("models:/detector@champion")
    print(run.info.run_id, *found.predict(data[["width"]]))
    """
)


@dataclass(frozen=True)
class Live:
    """A server, the folder that it keeps artifacts in, and the run that was logged."""

    url: str
    artifacts: Path
    run: str
    predicted: list[str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def upgrade(environment: dict[str, str]) -> None:
    subprocess.run(["/bin/sh", "-ec", UPGRADE], env=environment, check=True, timeout=START)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    assert shutil.which("mlflow"), "MLflow is not installed: uv run --with 'mlflow==3.13.0' pytest tests/live"
    folder = tmp_path_factory.mktemp("mlflow")
    port, artifacts = free_port(), folder / "artifacts"
    told = {**variables(f"sqlite:///{folder / 'mlflow.db'}"), "HOME": str(folder)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **told, "PATH": path}
    url = f"http://127.0.0.1:{port}"
    upgrade(environment)
    rendered = command(f"file://{artifacts}", allowed_hosts("vision", None), address="127.0.0.1", port=port)
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(rendered, env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            # Refused connections are tried again, with pauses of up to five seconds.
            patience = urllib3.Retry(total=30, backoff_factor=0.5, backoff_max=5)
            assert urllib3.request("GET", f"{url}/health", retries=patience).status == 200, (folder / "log").read_text()
            client = {**environment, "MLFLOW_TRACKING_URI": url}
            trained = subprocess.run(
                [sys.executable, "-c", TRAIN], env=client, cwd=folder, check=True, stdout=subprocess.PIPE, text=True
            )
            run, *predicted = trained.stdout.split()[-5:]
            yield Live(url, artifacts, run, predicted)
        finally:
            # Its workers are processes of its session.
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)
    # As before every later start of the pod: the tables are there now.
    upgrade(environment)


def lineage(live: Live, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tenantry",
            "lineage",
            "vision",
            "detector",
            *arguments,
            "--url",
            live.url,
            "-o",
            "json",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("version", [(), ("1",), ("@champion",)])
def test_the_lineage_of_a_registered_model(live: Live, version: tuple[str, ...]) -> None:
    found = lineage(live, *version)
    assert (found["model"], found["version"], found["status"], found["aliases"]) == (
        "detector",
        "1",
        "READY",
        ["champion"],
    )
    run = found["run"]
    assert (run["id"], run["status"], run["code"]["revision"]) == (live.run, "FINISHED", "c0ffee")
    assert run["datasets"] == [{"name": "parts", "digest": DIGEST, "context": "training"}]
    assert run["metrics"]["auc"] == 0.91
    assert found["missing"] == []


def test_the_model_came_back_through_the_server(live: Live) -> None:
    assert live.predicted == ["0", "0", "1", "1"]


def test_files_lie_where_a_model_server_is_sent(live: Live) -> None:
    """What `resolve` writes into a model's file is the same path, below the folder of the team's store."""
    found = resolve(Client(live.url), "models:/detector@champion")
    assert (found.version, found.evidence["auc"], found.evidence["dataset"]) == ("1", 0.91, DIGEST)
    path = urlsplit(found.uri).path.removeprefix("/registry/")
    assert (live.artifacts / path / "MLmodel").is_file()


@pytest.mark.parametrize(
    ("host", "status"),
    [("mlflow.vision.svc.cluster.local:5000", 200), ("mlflow.nlp.svc.cluster.local:5000", 403), ("evil.example", 403)],
)
def test_only_its_own_names_are_answered(live: Live, host: str, status: int) -> None:
    address = f"{live.url}/api/2.0/mlflow/registered-models/get?name=detector"
    assert urllib3.request("GET", address, headers={"Host": host}).status == status
