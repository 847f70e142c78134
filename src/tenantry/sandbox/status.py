"""How a sandbox is: what `Sandbox.status` returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tenantry.kube import Kube, KubeError
from tenantry.sandbox import nodes, processes
from tenantry.sandbox.health import complaint
from tenantry.sandbox.layout import Layout
from tenantry.sandbox.parts import API_SERVER, ETCD, KWOK, PARTS

DOWN: Final = "it does not run"


@dataclass(frozen=True)
class PartStatus:
    """One process of the sandbox."""

    name: str
    pid: int | None
    """None while it does not run."""
    port: int | None
    """Where it listens on loopback. None for KWOK, which serves nothing, and before the first start."""
    uptime: float | None
    """Seconds since it started. None while it does not run."""
    complaint: str
    """What is wrong with it. Empty if it is well."""

    @property
    def healthy(self) -> bool:
        """Whether it runs and says that it is well."""
        return not self.complaint


@dataclass(frozen=True)
class SandboxStatus:
    """The sandbox as a whole."""

    folder: Path
    parts: tuple[PartStatus, ...]
    nodes: int
    """Fake nodes that there are. 0 while the API server does not answer."""
    nodes_ready: int
    """Those of them that are Ready and kept alive."""

    @property
    def running(self) -> bool:
        """Whether any part runs."""
        return any(part.pid for part in self.parts)

    @property
    def healthy(self) -> bool:
        """Whether every part and every node is well."""
        return all(part.healthy for part in self.parts) and self.nodes_ready == self.nodes


def examine(layout: Layout, ports: Mapping[str, int]) -> SandboxStatus:
    """Ask every part and every node how it is.

    Args:
        layout: The sandbox's paths.
        ports: Port by name, as `parts.PORTS` has them. Empty before the first start.
    """
    running = processes.by_part(processes.running(layout.folder))
    wrong = {name: complaint(name, layout.credentials, ports) if name in running and ports else DOWN for name in PARTS}
    # An API server that is not well answers after a minute or never, and without etcd it says so too late.
    total, unready = (0, {}) if wrong[ETCD] or wrong[API_SERVER] else _nodes(layout)
    if not wrong[KWOK]:
        wrong[KWOK] = "; ".join(f"{node}: {why}" for node, why in unready.items())
    parts = tuple(_part(name, running.get(name, ()), ports.get(name), wrong[name]) for name in PARTS)
    return SandboxStatus(layout.folder, parts, total, total - len(unready))


def _part(name: str, found: Sequence[processes.Running], port: int | None, complaint: str) -> PartStatus:
    newest = found[-1] if found else None
    return PartStatus(name, newest.process.pid if newest else None, port, newest.uptime if newest else None, complaint)


def _nodes(layout: Layout) -> tuple[int, dict[str, str]]:
    try:
        kube = Kube.from_kubeconfig(layout.kubeconfig)
        return nodes.count(kube), nodes.unready(kube)
    except KubeError:
        # The API server's own line says what is wrong with it.
        return 0, {}
