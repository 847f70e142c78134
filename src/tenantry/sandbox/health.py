"""Whether the sandbox's parts answer, asked as their clients ask."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tenantry.sandbox import credentials
from tenantry.sandbox.certificates import Pair
from tenantry.sandbox.parts import API_SERVER, ETCD, KWOK
from tenantry.sandbox.ports import HOST

TIMEOUT: Final = 5.0
"""Seconds for one answer; a healthy part takes milliseconds, a second on a crowded machine."""
_OK: Final = 200


@dataclass(frozen=True)
class Probe:
    """Where a part says how it is, and who may ask."""

    port: int
    path: str
    authority: Path
    client: Pair | None
    """Certificate to show. None where the part tells anyone on this machine."""

    def complaint(self) -> str:
        """What is wrong. Empty if the part says that it is well."""
        context = ssl.create_default_context(cafile=str(self.authority))
        if self.client:
            context.load_cert_chain(self.client.certificate, self.client.key)
        connection = http.client.HTTPSConnection(HOST, self.port, timeout=TIMEOUT, context=context)
        try:
            connection.request("GET", self.path)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace").strip()
        except (OSError, http.client.HTTPException) as error:
            return f"port {self.port}: {error}"
        finally:
            connection.close()
        return "" if answer.status == _OK else f"{self.path} says {answer.status}: {text[:500]}"


def complaint(part: str, folder: Path, ports: Mapping[str, int]) -> str:
    """What a part says is wrong with it. KWOK says nothing: its nodes tell.

    Args:
        part: Its name.
        folder: Where the sandbox's credentials lie.
        ports: Port by name, as `parts.PORTS` has them.
    """
    if part == KWOK:
        return ""
    if part == ETCD:
        authority, client = Pair.at(folder / credentials.ETCD_AUTHORITY), Pair.at(folder / credentials.ETCD_CLIENT)
        return Probe(ports[part], "/health", authority.certificate, client).complaint()
    authority = Pair.at(folder / credentials.AUTHORITY)
    if part == API_SERVER:
        return Probe(ports[part], "/readyz", authority.certificate, Pair.at(folder / credentials.ADMIN)).complaint()
    return Probe(ports[part], "/healthz", authority.certificate, None).complaint()
