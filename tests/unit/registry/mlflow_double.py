"""A server that answers as MLflow's REST documentation says, for what a test has put in."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

Json = dict[str, Any]
MISSING = "RESOURCE_DOES_NOT_EXIST"


def tags(**values: str) -> list[Json]:
    return [{"key": key.replace("__", "."), "value": value} for key, value in values.items()]


@dataclass
class Mlflow:
    """Models with their versions, and runs."""

    url: str = ""
    versions: dict[tuple[str, str], Json] = field(default_factory=dict)
    runs: dict[str, Json] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], str | None]] = field(default_factory=list)
    instead: tuple[int, bytes] | None = None
    """What every request is answered with, whatever it asks for."""

    def version(self, model: str, number: str, run: str = "", **more: Any) -> None:
        source = f"models:/m-{number}"
        made = {"name": model, "version": number, "run_id": run, "source": source, "status": "READY", "aliases": []}
        self.versions[model, number] = {**made, "creation_timestamp": 1764000000000, "current_stage": "None", **more}

    def run(
        self,
        name: str,
        metrics: dict[str, Any] | None = None,
        datasets: list[tuple[str, str, str]] | None = None,
        **values: str,
    ) -> None:
        info = {"run_id": name, "run_uuid": name, "run_name": f"named-{name}", "status": "FINISHED"}
        numbers = [{"key": key, "value": value, "step": 0} for key, value in (metrics or {}).items()]
        inputs = [
            {
                "tags": tags(mlflow__data__context=context) if context else [],
                "dataset": {"name": what, "digest": digest, "source_type": "local", "source": "{}"},
            }
            for what, digest, context in datasets or []
        ]
        data = {"metrics": numbers, "params": [], "tags": tags(**values)}
        self.runs[name] = {"info": info, "data": data, "inputs": {"dataset_inputs": inputs}}

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Json]:
        """Status and document of one request, as the REST documentation has them."""
        model = query.get("name", "")
        mine = {number: one for (name, number), one in self.versions.items() if name == model}
        match path.removeprefix("/api/2.0/mlflow/"):
            case "model-versions/get":
                return _one("model_version", mine.get(query["version"]), f"Model Version (name={model}) not found")
            case "model-versions/get-download-uri":
                uri = f"mlflow-artifacts:/1/models/m-{query['version']}/artifacts"
                return 200, {"artifact_uri": mine[query["version"]].get("storage", uri)}
            case "registered-models/alias":
                found = [one for one in mine.values() if query["alias"] in one["aliases"]]
                said = f"Registered model alias {query['alias']} not found."
                return _one("model_version", found[0] if found else None, said, 400, "INVALID_PARAMETER_VALUE")
            case "registered-models/get":
                # One of each stage, in no order; a model without versions that are ready has no such list.
                latest = [one for one in mine.values() if one["status"] == "READY"]
                known = (
                    {"name": model, **({"latest_versions": latest} if latest else {})}
                    if mine or model == "empty"
                    else None
                )
                return _one("registered_model", known, f"Registered Model with name={model} not found")
            case "runs/get":
                return _one("run", self.runs.get(query["run_id"]), f"Run with id={query['run_id']} not found")
        return 404, {}


def _one(key: str, found: Json | None, said: str, status: int = 404, code: str = MISSING) -> tuple[int, Json]:
    return (200, {key: found}) if found else (status, {"error_code": code, "message": said})


@pytest.fixture
def mlflow() -> Iterator[Mlflow]:
    """The server, on a port of its own."""
    double = Mlflow()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            double.asked.append((parts.path, query, self.headers.get("Authorization")))
            status, body = double.instead or _encoded(*double.answer(parts.path, query))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/sign-in")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    double.url = f"http://127.0.0.1:{server.server_port}"
    yield double
    server.shutdown()
    server.server_close()
    thread.join()


def _encoded(status: int, document: Json) -> tuple[int, bytes]:
    return status, json.dumps(document).encode()
