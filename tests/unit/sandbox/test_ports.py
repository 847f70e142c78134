"""Ports: free ones, and nobody's twice."""

from __future__ import annotations

import socket

import pytest

from tenantry.errors import PlatformError
from tenantry.sandbox import ports


def test_a_port_that_someone_listens_on_is_not_free() -> None:
    port = ports.choose(())
    assert ports.free(port)
    with socket.create_server((ports.HOST, port)):
        assert not ports.free(port)
    assert ports.free(port)


def test_a_port_that_someone_holds_on_every_address_is_not_free() -> None:
    port = ports.choose(())
    with socket.create_server(("", port)):
        assert not ports.free(port)


def test_taken_ports_are_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "free", lambda port: port in {20001, 20002})
    assert ports.choose({20001}) == 20002


def test_when_none_is_free_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "free", lambda _: False)
    with pytest.raises(PlatformError, match="No port from 20000 to 31999 is free"):
        ports.choose(())
