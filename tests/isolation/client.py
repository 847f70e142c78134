"""Requests as one identity, with the whole answer: status, words, headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from tenantry.kube_connection import Connection
from tenantry.kubeconfig import Access, load
from tests.isolation.calls import Call

NO_RETRIES = urllib3.Retry(total=0, redirect=0, raise_on_status=False)
"""An attack is answered once. What the API server says first is what is judged."""


@dataclass(frozen=True)
class Answer:
    """What the API server said."""

    status: int
    message: str
    body: Any
    headers: Mapping[str, str]

    @property
    def allowed(self) -> bool:
        """Whether it did what it was asked."""
        return self.status < 400

    def __str__(self) -> str:
        return f"{self.status}: {self.message[:600]}"


class Client:
    """The API server as one identity: by certificate, by token, or as nobody."""

    def __init__(self, access: Access) -> None:
        self.access = access
        certificate = (access.certificate, access.key) if access.certificate and access.key else None
        self._pool = Connection(access)._pool_for(certificate)
        self._headers = {"Accept": "application/json", "User-Agent": "attack"}
        if access.token:
            self._headers["Authorization"] = f"Bearer {access.token}"

    @classmethod
    def of_user(cls, kubeconfig: Path) -> Client:
        """Whoever the kubeconfig is of."""
        return cls(load(kubeconfig))

    def as_token(self, token: str | None) -> Client:
        """The same server with a token in place of every other credential; with None as nobody."""
        return Client(replace(self.access, certificate=None, key=None, token=token))

    def send(self, call: Call) -> Answer:
        """One request, its answer read whole."""
        address = self.access.server + call.path + (f"?{urlencode(call.query)}" if call.query else "")
        headers = self._headers | dict(call.headers)
        body = None
        if call.body is not None:
            body = json.dumps(call.body)
            headers["Content-Type"] = call.content_type
        response = self._pool.request(call.method, address, body=body, headers=headers, retries=NO_RETRIES)
        return _answer(response)


def _answer(response: urllib3.BaseHTTPResponse) -> Answer:
    text = response.data.decode(errors="replace")
    try:
        body: Any = json.loads(text)
    except ValueError:
        body = text
    message = body.get("message", "") if isinstance(body, dict) else text
    return Answer(response.status, message if isinstance(message, str) else text, body, dict(response.headers))
