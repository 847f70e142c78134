"""What a sandbox remembers between commands: its ports, and which definitions of kinds it got from files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tenantry.errors import PlatformError
from tenantry.sandbox.files import write_private


@dataclass
class State:
    """The content of `state.json`. Which processes run is not in it: they carry that themselves."""

    ports: dict[str, int] = field(default_factory=dict)
    """Port by its name, as in `kube-apiserver`."""
    definitions: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """API versions and kinds that each file of definitions made the server serve, by the file's digest."""


def load(path: Path) -> State:
    """Read the file; a sandbox that has none starts with nothing remembered.

    Raises:
        PlatformError: the file is damaged. Says how to go on without losing data.
    """
    try:
        content = json.loads(path.read_bytes())
        ports = {str(name): _port(value) for name, value in content["ports"].items()}
        definitions = {
            str(digest): [(str(version), str(kind)) for version, kind in served]
            for digest, served in content["definitions"].items()
        }
    except FileNotFoundError:
        return State()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PlatformError(
            f"{path} is damaged ({error}). Remove that file and run `tenantry sandbox up`: new ports are chosen, "
            "and the cluster's data stays. `tenantry sandbox down --purge` starts from nothing instead."
        ) from error
    return State(ports, definitions)


def save(path: Path, state: State) -> None:
    """Write the file, whole or not at all."""
    write_private(path, json.dumps(asdict(state), indent=2, sort_keys=True).encode() + b"\n")


def _port(value: object) -> int:
    if not isinstance(value, int) or not 0 < value < 1 << 16:
        raise ValueError(f"{value!r} is no port")
    return value
