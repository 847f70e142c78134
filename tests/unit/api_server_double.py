"""An API server that says what a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tenantry.kube import Kube
from tenantry.kube_patience import Patience
from tenantry.kubeconfig import Access

CORE = {
    "resources": [
        {"name": "configmaps", "kind": "ConfigMap", "namespaced": True, "verbs": ["get"]},
        {"name": "namespaces", "kind": "Namespace", "namespaced": False, "verbs": ["get"]},
        {"name": "namespaces/status", "kind": "Namespace", "namespaced": False, "verbs": ["get"]},
    ]
}


@dataclass
class Server:
    """Answers by method and path; several answers to one request are given in turn, the last one for ever."""

    address: str
    answers: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, list[str]], Any, dict[str, str]]] = field(default_factory=list)

    def answer(self, request: str, *answers: tuple[int, Any]) -> None:
        self.answers[request] = list(answers)

    def kube(self, patience: Patience | None = None, **access: Any) -> Kube:
        values: dict[str, Any] = {
            "context": "test",
            "server": self.address,
            "namespace": "here",
            "ca": None,
            "insecure": False,
            "server_name": None,
            "proxy": None,
            "certificate": None,
            "key": None,
            "token": None,
            "token_file": None,
            "command": None,
        }
        return Kube(Access(**(values | access)), patience)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            request = f"{self.command} {url.path}"
            state.requests.append((request, parse_qs(url.query), body, dict(self.headers)))
            answers = state.answers.get(request) or [(404, {"reason": "NotFound", "message": f"no {request}"})]
            status, content = answers.pop(0) if len(answers) > 1 else answers[0]
            data = content.encode() if isinstance(content, str) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815 - http.server's names

        def log_message(self, *_: Any) -> None: ...

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    state = Server(f"http://127.0.0.1:{httpd.server_port}")
    state.answer("GET /api/v1", (200, CORE))
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    httpd.shutdown()
    httpd.server_close()
    thread.join()
