"""The sandbox: a real Kubernetes control plane with fake nodes, as processes on loopback, in one folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tenantry.environment import EnvironmentSpec
from tenantry.errors import PlatformError
from tenantry.kube import Kube
from tenantry.sandbox import baseline, definitions, logs, nodes, processes, state
from tenantry.sandbox.credentials import Credentials
from tenantry.sandbox.files import locked, private_folder
from tenantry.sandbox.layout import Layout
from tenantry.sandbox.parts import API_SERVER, CONTROLLERS, ETCD, KWOK, PARTS, SCHEDULER
from tenantry.sandbox.progress import Progress, quiet, told
from tenantry.sandbox.status import SandboxStatus, examine
from tenantry.sandbox.supervision import PortTakenError, Supervisor, stop
from tenantry.sandbox.toolchain import ensure
from tenantry.sandbox.toolchain.programs import CLUSTER

ATTEMPTS: Final = 3
"""How often a start is tried when another program takes a port between our choice and our listening."""
FILL_PATIENCE: Final = 180.0
"""Seconds until nodes, kinds and controllers must be as they should be, once every part is well."""


class Sandbox:
    """One sandbox. Making the object touches nothing.

    It listens on loopback only, trusts only certificates that it signed itself, and knows no anonymous user. It
    keeps nothing outside of its folder.

    Args:
        folder: Where everything of it lies. Sandboxes in different folders run side by side.
        environment: Whose context, networks and node pools it has.
        programs: Path of each program in `parts.PARTS`. None means those of the toolchain, made ready by `up`.
    """

    def __init__(self, folder: Path, environment: EnvironmentSpec, programs: Mapping[str, Path] | None = None) -> None:
        self._layout = Layout(folder.resolve())
        self._environment = environment
        self._programs = programs

    @property
    def folder(self) -> Path:
        """Where everything of it lies."""
        return self._layout.folder

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig. There after the first `up`."""
        return self._layout.kubeconfig

    def up(self, progress: Progress = quiet, *, crds: Path | None = None) -> None:
        """Start what does not run, repair what is not well, and make nodes and kinds what they should be.

        Interrupted or killed at any point, another `up` goes on from there. The cluster's data stays.

        Args:
            progress: Told of every step.
            crds: Folder with definitions of custom resources to serve instead of the permissive ones.

        Raises:
            InputError: a file in `crds` is no definition.
            PlatformError: a part cannot be started or does not become well; the message has the end of its log.
        """
        wanted = definitions.sources(crds) if crds else ()
        programs = self._programs or ensure(CLUSTER, progress)
        with locked(self.folder):
            private_folder(self._layout.logs)
            self._link(programs)
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    self._up(programs, wanted, progress)
                except PortTakenError:
                    if attempt == ATTEMPTS:
                        raise
                else:
                    return

    def down(self, progress: Progress = quiet, *, purge: bool = False) -> None:
        """Stop every process. Data and certificates stay for the next `up`.

        Args:
            progress: Told of every step.
            purge: Remove all that the sandbox made, too.
        """
        if not self.folder.exists():
            self._stop(progress)
            return
        with locked(self.folder):
            self._stop(progress)
            if purge:
                self._layout.purge()

    def status(self) -> SandboxStatus:
        """How every part and every node is. Waits for nothing and changes nothing."""
        return examine(self._layout, state.load(self._layout.state).ports)

    def env(self) -> dict[str, str]:
        """Environment variables that make kubectl and others use this sandbox and no other cluster."""
        path = os.pathsep.join([str(self._layout.programs), os.environ.get("PATH", os.defpath)])
        return {"KUBECONFIG": str(self.kubeconfig), "PATH": path}

    def logs(self, part: str, *, follow: bool = False) -> Iterator[str]:
        """The lines that a part wrote; with `follow` also those to come, for as long as the part runs.

        Raises:
            PlatformError: there is no part of that name, or it has never run.
        """
        if part not in PARTS:
            raise PlatformError(f'The sandbox has no part "{part}". Its parts: {", ".join(PARTS)}.')
        if not (log := self._layout.log(part)).exists():
            raise PlatformError(f"{part} has never run in {self.folder}. Start it with `tenantry sandbox up`.")
        return logs.lines(log, lambda: follow and part in processes.by_part(processes.running(self.folder)))

    def issue(self, user: str, groups: tuple[str, ...] = ()) -> Path:
        """A kubeconfig that is this user in these groups: a certificate of its own, never impersonation.

        Returns:
            Path of a kubeconfig that is good for a week.

        Raises:
            PlatformError: the sandbox has never run.
        """
        ports = state.load(self._layout.state).ports
        if API_SERVER not in ports:
            raise PlatformError(f"There is no sandbox in {self.folder}. Start it with `tenantry sandbox up`.")
        with locked(self.folder):
            credentials = Credentials(self._layout.credentials, self._environment, ports[API_SERVER])
            return credentials.issue(user, groups, self._layout.users)

    def _up(self, programs: Mapping[str, Path], wanted: tuple[definitions.Source, ...], progress: Progress) -> None:
        supervisor = Supervisor(self._layout, self._environment, programs, progress)
        supervisor.bring_up(ETCD)
        supervisor.bring_up(API_SERVER)
        kube = Kube.from_kubeconfig(self.kubeconfig)
        baseline.sync(kube)
        with told(progress, "nodes", "making them what the environment says"):
            nodes.sync(kube, self._environment)
        if not supervisor.runs(KWOK):
            nodes.release(kube)
        fresh = not supervisor.runs(CONTROLLERS)
        supervisor.bring_up(CONTROLLERS, SCHEDULER, KWOK)
        self._define(kube, wanted, progress)
        if fresh:
            with told(progress, CONTROLLERS, "waiting for quotas to bind"):
                baseline.wait_for_controllers(kube, FILL_PATIENCE)
        _settle(lambda: nodes.unready(kube), "nodes", "waiting until they are Ready", progress)

    def _define(self, kube: Kube, wanted: tuple[definitions.Source, ...], progress: Progress) -> None:
        remembered = state.load(self._layout.state)
        with told(progress, "kinds", "defining those of other projects"):
            if wanted:
                remembered.definitions = definitions.apply(kube, wanted, remembered.definitions)
                state.save(self._layout.state, remembered)
            definitions.complete(kube)
        served = [*definitions.TABLE, *(kind for one in wanted for kind in remembered.definitions[one.digest])]
        _settle(lambda: definitions.missing(kube, served), "kinds", "waiting until they are served", progress)

    def _link(self, programs: Mapping[str, Path]) -> None:
        """Put kubectl where `env` finds it, and nothing else that would shadow the caller's programs."""
        private_folder(self._layout.programs)
        if kubectl := programs.get("kubectl"):
            link = self._layout.programs / "kubectl"
            link.unlink(missing_ok=True)
            link.symlink_to(kubectl)

    def _stop(self, progress: Progress) -> None:
        stop(processes.by_part(processes.running(self.folder)), "stopping", progress)


def _settle(complaints: Callable[[], object], name: str, what: str, progress: Progress) -> None:
    """Wait until nothing is left to complain of."""
    if not complaints():
        return
    until = time.monotonic() + FILL_PATIENCE
    with told(progress, name, what):
        while left := complaints():
            if time.monotonic() > until:
                raise PlatformError(f"The sandbox's {name} are not well after {FILL_PATIENCE:.0f} s: {left}")
            time.sleep(0.1)
