"""A data plane in one process: model servers, and a splitter where Istio's gateway would stand.

It goes by nothing but the SeldonDeployment as rendered, and does what Seldon's operator does with one, in its order:
start what is new or changed, wait until all of it answers, move the route, and only then stop what is gone.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3

Json = dict[str, Any]
INFER = "/v2/models/model/infer"


class Server(ThreadingHTTPServer):
    """An HTTP server on a free port of this machine."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.over = False
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def address(self) -> str:
        """Beginning of its URLs."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        """No more requests, on kept connections neither: they find nobody, as after a pod's end."""
        self.over = True
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """Answers in one piece and keeps the connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def asked(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: there are thousands."""


def text(predictor: Json) -> Json:
    """What a predictor's pods are made from: a change of anything else leaves them as they are."""
    return {key: value for key, value in predictor.items() if key not in ("traffic", "replicas")}


class Pod:
    """A model server of one predictor. It answers with the version that it was started with."""

    def __init__(self, predictor: Json) -> None:
        self.text = text(predictor)
        self.version = predictor["labels"]["version"]
        self.seen = 0
        self._busy = 0
        self._idle = threading.Condition()
        pod = self

        class Model(Handler):
            def do_POST(self) -> None:
                self.asked()
                if pod.server.over:
                    self.close_connection = True
                    return
                body = {"model_name": "model", "model_version": pod.version, "outputs": []}
                self.answer(200, json.dumps(body).encode())

        self.server = Server(Model)

    def take(self) -> None:
        """A request is on its way here."""
        with self._idle:
            self._busy += 1
            self.seen += 1

    def done(self) -> None:
        """It was answered, or not."""
        with self._idle:
            self._busy -= 1
            self._idle.notify_all()

    def drain(self) -> None:
        """Wait until nothing is on its way here, as a pod has ten seconds for after it left its Service."""
        with self._idle:
            self._idle.wait_for(lambda: not self._busy)


@dataclass(frozen=True)
class Route:
    """What the operator writes into a VirtualService."""

    weights: Mapping[str, int] = field(default_factory=dict)
    mirror: str | None = None
    mirrored: int = 0

    @classmethod
    def of(cls, spec: Json) -> Route:
        """The route of a SeldonDeployment. A shadow is no destination."""
        serving = {one["name"]: one["traffic"] for one in spec["predictors"] if not one.get("shadow")}
        shadows = [(one["name"], one["traffic"]) for one in spec["predictors"] if one.get("shadow")]
        return cls(serving, *(shadows[0] if shadows else ()))


class DataPlane:
    """The gateway of one model, and the pods behind it."""

    def __init__(self, seed: int) -> None:
        self.pods: dict[str, Pod] = {}
        self.started: Counter[str] = Counter()
        """How often a pod of each predictor was started."""
        self._route = Route()
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._client = urllib3.PoolManager(maxsize=32, retries=False, block=True)
        self._copies = ThreadPoolExecutor(4)
        self._sent: list[Future[int]] = []
        plane = self

        class Gateway(Handler):
            def do_POST(self) -> None:
                body = self.asked()
                self.answer(*plane.forward(body))

        self.gateway = Server(Gateway)

    def apply(self, spec: Json) -> None:
        """What the operator does with a SeldonDeployment."""
        wanted = {one["name"]: one for one in spec["predictors"]}
        gone = {name: pod for name, pod in self.pods.items() if name not in wanted}
        replaced = {name: pod for name, pod in self.pods.items() if name in wanted and pod.text != text(wanted[name])}
        fresh = {name: Pod(one) for name, one in wanted.items() if name not in self.pods or name in replaced}
        self.started.update(fresh.keys())
        with self._lock:
            self.pods = {**self.pods, **fresh}
        with self._lock:
            self._route = Route.of(spec)
            self.pods = {name: pod for name, pod in self.pods.items() if name in wanted}
        _stop({**replaced, **gone})

    def forward(self, body: bytes) -> tuple[int, bytes]:
        """One request to one of the destinations by weight, and a copy to the mirror."""
        with self._lock:
            names = list(self._route.weights)
            [name] = self._random.choices(names, [self._route.weights[one] for one in names])
            pod = self.pods[name]
            pod.take()
            if self._route.mirror and self._random.randrange(100) < self._route.mirrored:
                shadow = self.pods[self._route.mirror]
                shadow.take()
                self._sent.append(self._copies.submit(self._copy, shadow, body))
        return self._send(pod, body)

    def _send(self, pod: Pod, body: bytes) -> tuple[int, bytes]:
        try:
            answer = self._client.request("POST", f"{pod.server.address}{INFER}", body=body)
        except urllib3.exceptions.HTTPError:
            return 502, b""
        finally:
            pod.done()
        return answer.status, answer.data

    def _copy(self, pod: Pod, body: bytes) -> int:
        return self._send(pod, body)[0]

    def settle(self) -> None:
        """Wait until every copy was sent."""
        for sent in self._sent:
            assert sent.result() == 200

    def close(self) -> None:
        """Stop everything."""
        self.gateway.stop()
        self._copies.shutdown()
        _stop(self.pods, drained=False)
        self._client.clear()


def _stop(pods: Mapping[str, Pod], *, drained: bool = True) -> None:
    for pod in pods.values():
        if drained:
            pod.drain()
        pod.server.stop()


@contextmanager
def data_plane(spec: Json) -> Iterator[DataPlane]:
    """A data plane that serves a SeldonDeployment."""
    plane = DataPlane(seed=7)
    try:
        plane.apply(spec)
        yield plane
    finally:
        plane.close()
