"""Seldon's own model server with exactly the environment that a pod of a custom model gets. Not part of `make test`.

It needs PyPI, and an environment of its own, since seldon-core cannot share one with the platform:

    uv run --no-project --python 3.10 --with 'seldon-core==1.17.1' --with pytest --with pyyaml \\
        pytest -c /dev/null tests/live/test_seldon_live.py

It has not been run where it was written, for want of PyPI.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

CAPTURED = Path(__file__).parents[1] / "captured/seldon-operator-output.yaml"
MODEL = """
class Doubler:
    def predict(self, X, features_names=None):
        return [[2 * value for value in row] for row in X]
"""
ROWS = [[1.0, 2.5], [-3.0, 0.0]]
PORTS = (
    "PREDICTIVE_UNIT_HTTP_SERVICE_PORT",
    "PREDICTIVE_UNIT_GRPC_SERVICE_PORT",
    "PREDICTIVE_UNIT_METRICS_SERVICE_PORT",
)


def environment() -> dict[str, str]:
    """What the operator gives to a model's container, on free ports of this machine: others may hold 9000."""
    deployments = [item for item in yaml.safe_load_all(CAPTURED.read_text("utf-8")) if item["kind"] == "Deployment"]
    container = deployments[0]["spec"]["template"]["spec"]["containers"][0]
    found = {one["name"]: one["value"] for one in container["env"]}
    given = {name: value for name, value in found.items() if name.startswith(("PREDICTIVE_", "PREDICTOR_", "SELDON_"))}
    ports = {name: str(free()) for name in PORTS}
    return {**given, **ports, "PREDICTIVE_UNIT_SERVICE_PORT": ports[PORTS[0]]}


def free() -> int:
    """A port that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def asked(port: str, path: str, body: Any = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        read: bytes = answer.read()
        return read


@pytest.fixture
def served(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The server with a model of a few lines; its environment."""
    program = shutil.which("seldon-core-microservice")
    assert program, "run it as the docstring says: seldon-core is not here"
    (tmp_path / "Doubler.py").write_text(MODEL)
    given = environment()
    command = [program, "Doubler", "--service-type", "MODEL"]
    # A module of the working directory is the model; `PATH` and the like are the machine's.
    process = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path), **given})
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end and process.poll() is None:
            try:
                asked(given[PORTS[0]], "/health/ping")
                break
            except OSError:
                time.sleep(0.5)
        yield given
    finally:
        process.terminate()
        process.wait(30)


def test_it_answers_what_the_model_says(served: dict[str, str]) -> None:
    answer = json.loads(asked(served[PORTS[0]], "/api/v1.0/predictions", {"data": {"ndarray": ROWS}}))
    namespace: dict[str, Any] = {}
    exec(MODEL, namespace)
    assert answer["data"]["ndarray"] == namespace["Doubler"]().predict(ROWS)


def test_its_metrics_are_where_prometheus_looks(served: dict[str, str]) -> None:
    asked(served[PORTS[0]], "/api/v1.0/predictions", {"data": {"ndarray": ROWS}})
    assert b"seldon" in asked(served[PORTS[2]], served["PREDICTIVE_UNIT_METRICS_ENDPOINT"])
