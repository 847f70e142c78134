"""What the proxy before one service is told, as arguments of oauth2-proxy 7.15: nothing is left to its environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tenantry import hosts
from tenantry.environment import ClusterNetworkSpec
from tenantry.sign_on.spec import SignOnSpec

CLIENT_SECRET: Final = "client-secret"  # noqa: S105 - the name of a key
COOKIE_SECRET: Final = "cookie-secret"  # noqa: S105 - the name of a key
AUTHORITY: Final = "ca.crt"
"""Key, beside the client's secret, of the authority that signed the identity provider's certificate."""
FOLDERS: Final = {CLIENT_SECRET: "/etc/sign-on/client", COOKIE_SECRET: "/etc/sign-on/cookie"}
"""Folders of the two Secrets, by key. Files, because variables stand in every list of processes."""
ALLOWED: Final = "allowed-group"
CALLBACK: Final = "oauth2/callback"
"""Where the identity provider sends people back to; it must know this address of every host."""
COOKIE: Final = "__Host-tenantry"
"""Browsers take a cookie with this prefix from the very host alone, so no other host below the domain can set it."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """One proxy: whom it lets in, and where to."""

    sign_on: SignOnSpec
    network: ClusterNetworkSpec
    host: str
    groups: tuple[str, ...]
    """Who is let in; at least one group, for without any the proxy lets in everybody."""
    upstream: str
    """Address of the service within the cluster."""
    listens: int

    def __post_init__(self) -> None:
        if not self.groups:
            raise ValueError(f"nobody is let in at {self.host}, and a proxy without groups would let in everybody")


def arguments(door: Door) -> list[str]:
    """All of them, in an order that never changes."""
    several = {
        ALLOWED: door.groups,
        # The ingress controller's pods, wherever they are; the network lets in no others.
        "trusted-proxy-ip": (door.network.pods, door.network.nodes),
    }
    listed = [f"--{name}={value}" for name, values in several.items() for value in values]
    return [*(f"--{name}={value}" for name, value in _provider(door).items()), *listed, *_session(door)]


def _provider(door: Door) -> dict[str, str]:
    sign_on = door.sign_on
    authority = {"provider-ca-file": f"{FOLDERS[CLIENT_SECRET]}/{AUTHORITY}"} if sign_on.private_ca else {}
    return {
        **authority,
        "provider": "oidc",
        "oidc-issuer-url": sign_on.issuer,
        "oidc-groups-claim": sign_on.groups_claim,
        "client-id": sign_on.client_id,
        "client-secret-file": f"{FOLDERS[CLIENT_SECRET]}/{CLIENT_SECRET}",
        "scope": " ".join(sign_on.scopes),
        "code-challenge-method": "S256",
        # Off unless asked for: a token of another login would do.
        "insecure-oidc-skip-nonce": "false",
        # Fixed, and never what a request says of itself.
        "redirect-url": f"{hosts.address(door.host)}{CALLBACK}",
        "skip-provider-button": "true",
        # Groups decide, not the addresses of people.
        "email-domain": "*",
        "http-address": f"0.0.0.0:{door.listens}",
        "upstream": door.upstream,
        "reverse-proxy": "true",
    }


def _session(door: Door) -> list[str]:
    session = {
        "cookie-name": COOKIE,
        "cookie-secret-file": f"{FOLDERS[COOKIE_SECRET]}/{COOKIE_SECRET}",
        "cookie-secure": "true",
        "cookie-httponly": "true",
        "cookie-samesite": "lax",
        # A browser that opens several pages at once signs on once for each; not without end.
        "cookie-csrf-per-request": "true",
        "cookie-csrf-per-request-limit": "8",
        "cookie-expire": f"{door.sign_on.session_hours}h",
        # The cookie goes on to the team's service: no token of the identity provider is in it.
        "session-cookie-minimal": "true",
        "pass-basic-auth": "false",
        "silence-ping-logging": "true",
    }
    return [f"--{name}={value}" for name, value in session.items()]
