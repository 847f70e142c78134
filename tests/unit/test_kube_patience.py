"""How long an API server is waited for."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from urllib3 import HTTPResponse

from tenantry.kube import KubeError, UnreachableError
from tenantry.kube_patience import Patience
from tests.unit.api_server_double import Server, server

__all__ = ["server"]


class Silent:
    """Listens and never says a word."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.taken: list[socket.socket] = []
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.taken.append(self._listening.accept()[0])

    def end(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for one in (self._listening, *self.taken):
            one.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    made = Silent()
    yield made
    made.end()


@pytest.mark.parametrize(("method", "seconds"), [("GET", "0.05"), ("PATCH", "0.1"), ("POST", "0.1")])
def test_a_server_that_keeps_silent_is_given_up_and_not_asked_again(
    server: Server, silent: Silent, method: str, seconds: str
) -> None:
    server.address = silent.address
    kube = server.kube(Patience(read=0.05, write=0.1))

    with pytest.raises(UnreachableError, match=rf"does not answer: no word within {seconds} s\. .*run this again"):
        kube.raw(method, "/version", body=None if method == "GET" else {})
    assert len(silent.taken) == 1


def test_a_server_that_stays_busy_is_asked_only_so_long(server: Server) -> None:
    server.answer("GET /version", (503, {"message": "etcd is away"}))

    with pytest.raises(KubeError, match="etcd is away"):
        server.kube(Patience(again=0)).raw("GET", "/version")
    assert len(server.requests) == 1


def test_a_server_that_asks_to_come_back_much_later_is_not_waited_for() -> None:
    later = HTTPResponse(headers={"Retry-After": "3600"})

    waited = Patience(again=3).retries().get_retry_after(later)

    assert waited is not None
    assert 0 < waited <= 3
