"""A port of this machine that leads to a Service of a cluster, for as long as somebody wants it.

`kubectl port-forward` does it, with the right that developers have in their namespace (`pods/portforward`). Not the API
server's own proxy of Services: who may use that passes every NetworkPolicy, so no role grants it.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tenantry.errors import PlatformError

LOOPBACK: Final = "127.0.0.1"
"""Nobody but this machine's own users gets through."""
OPEN: Final = "Forwarding from "
"""What kubectl says once the port is there."""
CHATTER: Final = (OPEN, "Handling connection for ")
LAST: Final = 5
"""Lines of kubectl's that an error repeats."""
PATIENCE: Final = 5
"""Seconds that it gets to end when told to."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """From a port of this machine to a port of a Service."""

    namespace: str
    service: str
    port: int
    """Of the Service."""
    local: int
    """Of this machine."""
    context: str
    """Of the kubeconfig."""
    kubeconfig: Path | None
    """None: where kubectl itself looks."""

    @property
    def url(self) -> str:
        """What a browser on this machine opens."""
        return f"http://{LOOPBACK}:{self.local}/"

    def arguments(self) -> list[str]:
        """Those of kubectl."""
        file = [f"--kubeconfig={self.kubeconfig}"] if self.kubeconfig else []
        place = [f"--context={self.context}", f"--namespace={self.namespace}"]
        ports = [f"--address={LOOPBACK}", f"service/{self.service}", f"{self.local}:{self.port}"]
        return [*file, *place, "port-forward", *ports]


def find_kubectl() -> str:
    """The kubectl on PATH, else the one that came with the sandbox.

    Raises:
        PlatformError: there is none.
    """
    from tenantry.sandbox import toolchain  # noqa: PLC0415 - only where PATH has none

    found = shutil.which("kubectl") or toolchain.find("kubectl")
    if not found:
        raise PlatformError(
            "There is no kubectl on PATH, which leads the port to the cluster. Install it and try again."
        )
    return str(found)


def is_free(port: int) -> bool:
    """Whether nobody on this machine listens on a port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def forward(way: Way, kubectl: str, on_open: Callable[[], None], on_word: Callable[[str], None]) -> None:
    """Lead the way until somebody interrupts it, or it ends by itself.

    Args:
        way: From where to where.
        kubectl: The program.
        on_open: Called once, when the port answers.
        on_word: Called with what kubectl says while the way is open.

    Raises:
        PlatformError: the way never opened, or broke; with kubectl's own words.
        KeyboardInterrupt: Ctrl-C, or told to end. Nothing is left behind.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    process = subprocess.Popen(
        [kubectl, *way.arguments()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    opened = False
    said: list[str] = []
    try:
        for line in _lines(process):
            if line.startswith(OPEN) and not opened:
                opened = True
                on_open()
            if not line.startswith(CHATTER):
                said.append(line)
                if opened:
                    on_word(line)
    finally:
        _end(process)
        signal.signal(signal.SIGTERM, before)
    what = "broke" if opened else "did not open"
    why = " ".join(said[-LAST:]) or f"kubectl left with {process.returncode}"
    raise PlatformError(f"the way to {way.service} in {way.namespace} {what}: {why}. Look at its pods, and try again.")


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None  # noqa: S101 - for mypy: it is a pipe
    for line in process.stdout:
        if line.strip():
            yield line.strip()


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
