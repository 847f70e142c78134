"""Reading MLflow's REST API. It asks and never writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import urllib3

from tenantry.errors import PlatformError, TenantryError

Json = dict[str, Any]
API: Final = "/api/2.0/mlflow/"
PATIENCE: Final = urllib3.Timeout(connect=5, read=30)
"""Seconds. Every request here reads a few rows by their key."""
TRIES: Final = urllib3.Retry(total=3, backoff_factor=0.3)
"""Reading is safe to repeat."""


class RegistryError(PlatformError):
    """The registry cannot be asked, or answers what its documentation does not say."""


class UnknownVersionError(TenantryError):
    """The registry has no such model, version, alias or run: what was asked for is wrong."""

    exit_code = 1


@dataclass(frozen=True)
class Client:
    """One registry.

    Attributes:
        url: Its address, as `MLFLOW_TRACKING_URI` has it.
        token: Sent as a bearer token, for a registry behind something that asks for one. None: nothing is sent.
    """

    url: str
    token: str | None = None
    pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager, repr=False, compare=False)

    def get(self, path: str, **query: str) -> Json:
        """One object.

        Args:
            path: Below `/api/2.0/mlflow/`, as in `model-versions/get`.
            query: Its parameters, as the REST documentation names them.

        Raises:
            UnknownVersionError: there is no such object.
            RegistryError: no answer, a sign-on page, or an error of the server.
        """
        address = self.url.rstrip("/") + API + path
        headers = {"Accept": "application/json", "User-Agent": "tenantry"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            answer = self.pool.request(
                "GET", address, fields=query, headers=headers, timeout=PATIENCE, retries=TRIES, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise RegistryError(f"the registry at {self.url} does not answer: {_reason(error)}. {TUNNEL}") from error
        return self._read(answer)

    def _read(self, answer: urllib3.BaseHTTPResponse) -> Json:
        if answer.status in SIGN_ON:
            raise RegistryError(
                f"the registry at {self.url} wants you to sign on first (HTTP {answer.status}). {TUNNEL}"
            )
        try:
            document = json.loads(answer.data)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise RegistryError(f"no MLflow answers at {self.url} (HTTP {answer.status}, and no JSON). {TUNNEL}")
        if answer.status == OK:
            return document
        raise _refusal(self.url, answer.status, document)


OK: Final = 200
WRONG_NAME: Final = frozenset({"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"})
"""The second one is for an alias that is not there, and for a version that is no number."""
SIGN_ON: Final = frozenset({301, 302, 303, 307, 308, 401, 403})
"""Answers of a proxy that wants a browser's session. MLflow itself gives them only for a host it does not know."""
TUNNEL: Final = "Forward a port: tenantry open registry TENANT --forward, and then --url http://localhost:5000."


def _reason(error: urllib3.exceptions.HTTPError) -> str:
    return str(error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) else error)


def _refusal(url: str, status: int, document: Mapping[str, Any]) -> TenantryError:
    code, message = str(document.get("error_code", "")), str(document.get("message", "")).strip()
    said = message or code or "no reason given"
    if code in WRONG_NAME:
        return UnknownVersionError(f"the registry at {url} says: {said}")
    return RegistryError(f"the registry at {url} failed (HTTP {status}): {said}")
