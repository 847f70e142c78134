"""Stands between an engine and the API server, and fails as networks and servers do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from tenantry.engine.workspace import Workspace
from tenantry.kube_connection import Connection
from tenantry.kubeconfig import Access

Fault = Literal["", "cut", "lost"] | int
"""Nothing; no answer and the request not passed on; passed on and the answer lost; an answer of that HTTP status."""
HOP: tuple[str, ...] = ("connection", "content-encoding", "content-length", "transfer-encoding")
"""Headers of one connection, or of a body that was unpacked on the way."""


class GoBetween:
    """Passes requests on, unless `fault` says otherwise."""

    def __init__(self, access: Access) -> None:
        self.connection = Connection(access)
        self.fault: Callable[[str, str], Fault] = lambda _method, _path: ""
        """Asked with the method and the path of every request."""
        self.rewrite: Callable[[str, bytes], bytes] = lambda _path, body: body
        """Changes an answer's body on its way back."""
        self.failed: list[str] = []
        """Every request that met with a fault."""
        self.written: list[str] = []
        """Every write that was passed on, rehearsals left out."""


@contextmanager
def between(workspace: Workspace, access: Access, folder: Path) -> Iterator[tuple[GoBetween, Workspace]]:
    """A go-between, and the workspace whose runs take the way over it."""
    middle = GoBetween(access)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"middle": middle}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        file = folder / "kubeconfig"
        file.write_text(json.dumps(_kubeconfig(access.context, server.server_address[1])))
        yield middle, replace(workspace, kubeconfig=file, variables={**workspace.variables, "KUBECONFIG": str(file)})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _kubeconfig(context: str, port: int) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": context,
        "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": context, "context": {"cluster": "c", "user": "u"}}],
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    middle: GoBetween

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
        fault = self.middle.fault(self.command, self.path)
        if fault:
            self.middle.failed.append(f"{self.command} {self.path}")
        if fault == "cut":
            self.close_connection = True
            return
        if isinstance(fault, int):
            said = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "out of order", "code": fault}
            self._answer(fault, {"Content-Type": "application/json"}, json.dumps(said).encode())
            return
        kind = self.headers.get("Content-Type") or "application/json"
        answer = self.middle.connection.request(self.command, self.path, body, kind)
        if self.command != "GET" and "dryRun=" not in self.path:
            self.middle.written.append(f"{self.command} {self.path}")
        if fault == "lost":
            self.close_connection = True
            return
        headers = {key: value for key, value in answer.headers.items() if key.lower() not in HOP}
        self._answer(answer.status, headers, self.middle.rewrite(self.path, answer.data))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - http.server's names

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""
