"""Where things lie in a sandbox's folder."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tenantry.sandbox.files import draft_of, lock_of


@dataclass(frozen=True)
class Layout:
    """The paths below one sandbox's folder."""

    folder: Path

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig."""
        return self.folder / "kubeconfig"

    @property
    def state(self) -> Path:
        """What `state.State` holds."""
        return self.folder / "state.json"

    @property
    def data(self) -> Path:
        """The database of etcd: all objects of the cluster."""
        return self.folder / "etcd"

    @property
    def credentials(self) -> Path:
        """Authorities, certificates, keys and the parts' kubeconfigs."""
        return self.folder / "credentials"

    @property
    def users(self) -> Path:
        """Kubeconfigs of issued users."""
        return self.folder / "users"

    @property
    def logs(self) -> Path:
        """A log file a part."""
        return self.folder / "logs"

    @property
    def programs(self) -> Path:
        """Links to programs that people use with the sandbox; `env` puts it first on PATH."""
        return self.folder / "bin"

    @property
    def engine(self) -> Path:
        """Pulumi's state of the sandbox's stacks. It goes when the sandbox goes: it says what is in the cluster."""
        return self.folder / "engine"

    @property
    def lock(self) -> Path:
        """Held while a command changes anything."""
        return lock_of(self.folder)

    def log(self, part: str) -> Path:
        """The log of one part."""
        return self.logs / f"{part}.log"

    def purge(self) -> None:
        """Remove what a sandbox makes, and the folder if nothing else is in it."""
        # Named one by one, so that a folder given by mistake loses nothing.
        for folder in (self.data, self.credentials, self.users, self.logs, self.programs, self.engine):
            if folder.exists():
                shutil.rmtree(folder)
        drafts = [draft_of(file) for file in (self.kubeconfig, self.state)]
        for file in (self.kubeconfig, self.state, self.lock, *drafts):
            file.unlink(missing_ok=True)
        # A folder that is not empty stays: with what others put there, or the lock of a command that waited.
        with suppress(OSError):
            self.folder.rmdir()
