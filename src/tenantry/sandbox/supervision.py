"""Bringing the sandbox's parts up, in order, until each says that it is well."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tenantry.environment import EnvironmentSpec
from tenantry.errors import PlatformError
from tenantry.sandbox import logs, ports, processes, state
from tenantry.sandbox.credentials import Credentials
from tenantry.sandbox.health import complaint
from tenantry.sandbox.layout import Layout
from tenantry.sandbox.parts import API_SERVER, CONTROLLERS, ETCD, KWOK, PORTS, SCHEDULER, Part, parts
from tenantry.sandbox.progress import Progress, told

START_PATIENCE: Final = 240.0
"""Seconds until a started part must be well. The API server takes 5 on two idle cores, a minute on crowded ones."""
REPAIR_PATIENCE: Final = 20.0
"""Seconds until a part that runs already must be well; then it is started anew."""
STOP_PATIENCE: Final = 10.0
"""Seconds that a part gets to end by itself. The API server takes about one to close its watches."""
STOP_ORDER: Final = ((KWOK, SCHEDULER, CONTROLLERS), (API_SERVER,), (ETCD,))
"""Clients before their servers: none logs that its server is gone, and the API server, which cannot end in peace
without its etcd, is not waited for in vain."""
POLL: Final = 0.1


class PortTakenError(PlatformError):
    """Another program took a port between our choice and our listening."""


class Supervisor:
    """Knows how every part of one sandbox should run, and makes it so. Hold the sandbox's lock while using it."""

    def __init__(
        self, layout: Layout, environment: EnvironmentSpec, programs: Mapping[str, Path], progress: Progress
    ) -> None:
        self._layout = layout
        self._progress = progress
        self._running = processes.by_part(processes.running(layout.folder))
        self._ports = settled_ports(layout, set(self._running))
        self._credentials = Credentials(layout.credentials, environment, self._ports[API_SERVER])
        self._credentials.write_admin(layout.kubeconfig)
        wanted = parts(layout.data, self._credentials, self._ports, programs, environment)
        self._parts = {part.name: part for part in wanted}
        self._stop_stale()

    def runs(self, name: str) -> bool:
        """Whether the part runs as it should."""
        return name in self._running

    def bring_up(self, *names: str) -> None:
        """Start those that do not run, together, and wait until all are well.

        Raises:
            PortTakenError: another program listens on a part's port.
            PlatformError: a part ended, or did not become well in time.
        """
        wanted = [self._parts[name] for name in names]
        missing = [part for part in wanted if not self.runs(part.name)]
        for part in missing:
            self._start(part)
        for part in wanted:
            if part in missing:
                with told(self._progress, part.name, "starting"):
                    self._wait(part)
            elif self._complaint_after(part, 0):
                self._repair(part)

    def _repair(self, part: Part) -> None:
        """Bring back a part that runs and does not answer: others may have kept it from answering, or it hangs."""
        with told(self._progress, part.name, "waiting for its answer"):
            hangs = self._complaint_after(part, REPAIR_PATIENCE)
        if hangs:
            with told(self._progress, part.name, "restarting"):
                processes.stop(self._running.pop(part.name), STOP_PATIENCE)
                self._start(part)
                self._wait(part)

    def _stop_stale(self) -> None:
        """Stop what runs with old arguments or certificates, or twice."""
        stale = {
            name: found
            for name, found in self._running.items()
            if name not in self._parts or [one.digest for one in found] != [self._parts[name].digest]
        }
        self._running = {name: found for name, found in self._running.items() if name not in stale}
        stop(stale, "stopping, out of date", self._progress)

    def _start(self, part: Part) -> None:
        log = self._layout.log(part.name)
        self._running[part.name] = [processes.start(part.name, part.digest, part.command, self._layout.folder, log)]

    def _wait(self, part: Part) -> None:
        found = self._complaint_after(part, START_PATIENCE)
        if not found:
            return
        taken = [self._ports[name] for name, owner in PORTS.items() if owner == part.name]
        if not self._alive(part) and not all(ports.free(port) for port in taken):
            raise PortTakenError(f"{part.name}: another program listens on one of its ports: {taken}.")
        log = self._layout.log(part.name)
        raise PlatformError(f"{part.name} is not well: {found}. The end of {log}:\n{logs.tail(log)}")

    def _complaint_after(self, part: Part, patience: float) -> str:
        """What is still wrong with a part after so many seconds; empty as soon as it is well."""
        until = time.monotonic() + patience
        while True:
            if not self._alive(part):
                return "its process has ended"
            found = complaint(part.name, self._layout.credentials, self._ports)
            if not found or time.monotonic() > until:
                return found
            time.sleep(POLL)

    def _alive(self, part: Part) -> bool:
        return any(one.alive for one in self._running[part.name])


def stop(found: Mapping[str, Sequence[processes.Running]], what: str, progress: Progress) -> None:
    """Stop the processes of these parts, clients before their servers.

    Args:
        found: Processes by part.
        what: What watchers are told.
        progress: Told of every step.
    """
    for names in STOP_ORDER:
        if ending := [name for name in names if found.get(name)]:
            with told(progress, ", ".join(ending), what):
                processes.stop([one for name in ending for one in found[name]], STOP_PATIENCE)


def settled_ports(layout: Layout, running: set[str]) -> dict[str, int]:
    """The ports of every part: those of the last time, new ones where another program has taken them since."""
    remembered = state.load(layout.state)
    settled: dict[str, int] = {}
    for name, part in PORTS.items():
        port = remembered.ports.get(name)
        kept = port is not None and (part in running or ports.free(port))
        settled[name] = port if port and kept else ports.choose({*settled.values(), *remembered.ports.values()})
    remembered.ports = settled
    state.save(layout.state, remembered)
    return settled
