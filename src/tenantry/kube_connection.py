"""HTTP to one API server: TLS, credentials, and trying again where that is safe."""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import ssl
import subprocess
import tempfile
import threading
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3

from tenantry.errors import PlatformError
from tenantry.kube_errors import UnreachableError
from tenantry.kube_patience import Patience
from tenantry.kubeconfig import Access, Json

# It warns of every attempt; what comes of them in the end is in our own error.
logging.getLogger("urllib3").setLevel(logging.ERROR)
CONNECTIONS: Final = 32
"""Kept open at most, as many as an engine has operations in flight."""


class Connection:
    """A pool of connections as one user. Safe to use from many threads."""

    def __init__(self, access: Access, patience: Patience | None = None) -> None:
        self._access = access
        self._patience = patience or Patience()
        self._credentials = Credentials(access)
        self._pool: urllib3.PoolManager | None = None
        self._pool_certificate: tuple[bytes, bytes] | None = None
        self._lock = threading.Lock()

    def request(self, method: str, address: str, body: bytes | None, content_type: str) -> urllib3.BaseHTTPResponse:
        """Send one request and read its whole answer, whatever its status.

        Raises:
            UnreachableError: there is no answer. What a write asked for may have happened all the same.
        """
        headers = urllib3.HTTPHeaderDict(
            {"Accept": "application/json", "Content-Type": content_type, "User-Agent": "tenantry"}
        )
        if self._access.as_user:
            headers["Impersonate-User"] = self._access.as_user
        for group in self._access.as_groups:
            # A header a group: a group's name may hold a comma.
            headers.add("Impersonate-Group", group)
        certificate, token = self._credentials.current()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        pool, seconds = self._pool_for(certificate), self._patience.silence(method)
        try:
            return pool.request(
                method,
                self._access.server + address,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(connect=self._patience.connect, read=seconds),
                retries=self._patience.retries(),
            )
        except urllib3.exceptions.HTTPError as error:
            raise UnreachableError(self._access.server, _why(error, seconds)) from error

    def _pool_for(self, certificate: tuple[bytes, bytes] | None) -> urllib3.PoolManager:
        with self._lock:
            if self._pool is None or certificate != self._pool_certificate:
                self._pool = _pool(self._access, certificate)
                self._pool_certificate = certificate
            return self._pool


class Credentials:
    """The user's certificate and token, asked for anew when they end."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._lock = threading.Lock()
        self._status: Json = {}

    def current(self) -> tuple[tuple[bytes, bytes] | None, str | None]:
        """Certificate with key, and token; either may be None.

        Raises:
            PlatformError: the kubeconfig's `exec` program is missing, fails or prints no credential.
        """
        access = self._access
        if access.command:
            return self._from_command(access.command)
        certificate = (access.certificate, access.key) if access.certificate and access.key else None
        if access.token_file:
            return certificate, access.token_file.read_text().strip()
        return certificate, access.token

    def _from_command(self, command: Json) -> tuple[tuple[bytes, bytes] | None, str | None]:
        with self._lock:
            if not _fresh(self._status):
                self._status = _run(command)
            status = self._status
        certificate, key = status.get("clientCertificateData"), status.get("clientKeyData")
        return ((certificate.encode(), key.encode()) if certificate and key else None), status.get("token")


def _fresh(status: Json) -> bool:
    if not status:
        return False
    if not (until := status.get("expirationTimestamp")):
        return True
    return datetime.fromisoformat(until) - datetime.now(UTC) > timedelta(seconds=30)


def _run(command: Json) -> Json:
    """Run the `exec` block's program: client.authentication.k8s.io's protocol."""
    name = command["command"]
    variables = {entry["name"]: entry["value"] for entry in command.get("env") or ()}
    request = {"apiVersion": command["apiVersion"], "kind": "ExecCredential", "spec": {"interactive": False}}
    variables["KUBERNETES_EXEC_INFO"] = json.dumps(request)
    # Messages name the program and not its arguments, which may hold secrets.
    arguments = [name, *(command.get("args") or ())]
    try:
        done = subprocess.run(
            arguments, env=os.environ | variables, capture_output=True, text=True, check=True, timeout=60
        )
        status = json.loads(done.stdout).get("status")
    except FileNotFoundError as error:
        hint = command.get("installHint") or "Install it, or put its folder on PATH."
        raise PlatformError(f"The kubeconfig gets its credentials from `{name}`, which is not there. {hint}") from error
    except subprocess.SubprocessError as error:
        why = getattr(error, "stderr", None) or str(error)
        raise PlatformError(f"`{name}` gave no credentials: {why.strip()}") from error
    except ValueError as error:
        raise PlatformError(f"`{name}` printed no ExecCredential: {error}") from error
    if not status:
        raise PlatformError(f"`{name}` printed an ExecCredential without a status.")
    return dict(status)


def _why(error: urllib3.exceptions.HTTPError, seconds: float) -> str:
    cause = error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) else error
    if isinstance(cause, urllib3.exceptions.ReadTimeoutError):
        return f"no word within {seconds:g} s. It is overloaded, or has lost its etcd. Look at it, then run this again."
    return str(cause)


def _pool(access: Access, certificate: tuple[bytes, bytes] | None) -> urllib3.PoolManager:
    proxy = _proxy(access)
    options: dict[str, Any] = {
        "ssl_context": _tls(access, certificate),
        "maxsize": CONNECTIONS,
    }
    if access.server_name:
        options |= {"assert_hostname": access.server_name, "server_hostname": access.server_name}
    return urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)


def _proxy(access: Access) -> str | None:
    """The proxy on the way, if any. Loopback is never asked for through one, whatever the environment says."""
    host = urlsplit(access.server).hostname or ""
    if access.proxy or _loopback(host) or urllib.request.proxy_bypass(host):
        return access.proxy
    return urllib.request.getproxies().get(urlsplit(access.server).scheme)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(access: Access, certificate: tuple[bytes, bytes] | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cadata=access.ca.decode() if access.ca else None)
        if access.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if certificate:
            _present(context, certificate)
    except (ssl.SSLError, ValueError) as error:
        raise PlatformError(f'The certificates of the kubeconfig\'s context "{access.context}": {error}.') from error
    return context


def _present(context: ssl.SSLContext, certificate: tuple[bytes, bytes]) -> None:
    """Load a client certificate. Python's ssl takes it from a file only; this one is ours alone and short-lived."""
    handle, path = tempfile.mkstemp()
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(b"\n".join(certificate))
        context.load_cert_chain(path)
    finally:
        Path(path).unlink()
