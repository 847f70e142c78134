"""In kubectl's place: a program that serves HTTP on the port that it is told to forward, and says what kubectl says."""

from __future__ import annotations

import sys
from pathlib import Path

SCRIPT = r"""#!{python}
import json, signal, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

if {fails!r}:
    print({fails!r}, file=sys.stderr)
    sys.exit(1)
local, target = sys.argv[-1].split(":")

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(sys.argv[1:]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        print(f"Handling connection for {{local}}", flush=True)

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", int(local)), Handler)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print(f"Forwarding from 127.0.0.1:{{local}} -> {{target}}", flush=True)
if {breaks!r}:
    server.handle_request()
    print({breaks!r}, file=sys.stderr)
    sys.exit(1)
server.serve_forever(0.05)
"""


def kubectl(folder: Path, *, fails: str = "", breaks: str = "") -> Path:
    """The program.

    Args:
        folder: Where to put it; goes on PATH.
        fails: What it says instead of forwarding anything.
        breaks: What it says, and ends, after the first request.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "kubectl"
    file.write_text(SCRIPT.format(python=sys.executable, fails=fails, breaks=breaks))
    file.chmod(0o755)
    return file
