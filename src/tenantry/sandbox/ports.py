"""Ports on loopback: chosen free, kept while nobody else takes them."""

from __future__ import annotations

import random
import socket
from collections.abc import Collection
from typing import Final

from tenantry.errors import PlatformError

HOST: Final = "127.0.0.1"
RANGE: Final = range(20000, 32000)
"""Below the ports that systems hand to outgoing connections (32768 on Linux, 49152 on macOS), so that
no client takes a port while its part is down. Above the ports that well-known servers use."""


def free(port: int) -> bool:
    """Whether nobody listens on the port."""
    with socket.socket() as probe:
        # As Go's listeners do: connections that linger after a stop do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(taken: Collection[int]) -> int:
    """A free port that is not among those taken.

    Raises:
        PlatformError: every port of the range is taken.
    """
    # Random, so that sandboxes that start at the same moment do not choose the same.
    for port in random.sample(RANGE, len(RANGE)):
        if port not in taken and free(port):
            return port
    raise PlatformError(f"No port from {RANGE.start} to {RANGE.stop - 1} is free on {HOST}. Stop what holds them.")
