"""Where the engine keeps state: what the user set up, else a folder of the project."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tenantry.errors import PlatformError

LOCAL_FOLDER: Final = ".tenantry/state"
"""The default backend, relative to the root."""
SANDBOX_FOLDER: Final = ".tenantry/sandbox/engine/state"
"""The default backend of a sandbox. It lies in the sandbox's own folder, so that a purged cluster takes along the state
that describes it; state that outlives its cluster would claim that everything is up."""


@dataclass(frozen=True)
class Backend:
    """One place for state."""

    url: str
    """As `PULUMI_BACKEND_URL` takes it. Empty means that the engine finds it by itself: a login, or Pulumi.yaml."""
    ours: bool
    """It is the project's own folder, because nobody set up anything else."""
    folder: Path | None
    """Folder of a `file://` backend, where we can see locks and checkpoints ourselves. None for every other one."""


def backend(root: Path, project: Mapping[str, Any], variables: Mapping[str, str], *, sandbox: bool) -> Backend:
    """The backend that plain `pulumi` would use, with the project's folder in place of "nobody is logged in".

    The order is the engine's own: `PULUMI_BACKEND_URL`, then `backend.url` of Pulumi.yaml, then the login. An access
    token alone means Pulumi Cloud.
    """
    own = root / (SANDBOX_FOLDER if sandbox else LOCAL_FOLDER)
    if url := variables.get("PULUMI_BACKEND_URL"):
        return Backend(url, ours=url == own.as_uri(), folder=_folder(root, url))
    if url := (project.get("backend") or {}).get("url"):
        return Backend("", ours=False, folder=_folder(root, url))
    if url := _login(variables):
        return Backend("", ours=False, folder=_folder(root, url))
    if variables.get("PULUMI_ACCESS_TOKEN"):
        return Backend("", ours=False, folder=None)
    return Backend(own.as_uri(), ours=True, folder=own)


def _folder(root: Path, url: str) -> Path | None:
    if not url.startswith("file://"):
        return None
    path = re.sub(r"\?.*", "", url.removeprefix("file://"))
    return (root / Path(path).expanduser()).resolve()


def _login(variables: Mapping[str, str]) -> str:
    """URL of the backend that the engine's credentials say the user is logged in to. Empty where there is none."""
    home = variables.get("PULUMI_HOME") or os.path.join(variables.get("HOME", "~"), ".pulumi")  # noqa: PTH118 - a text
    folder = Path(variables.get("PULUMI_CREDENTIALS_PATH") or home).expanduser()
    file = folder / "credentials.json"
    try:
        current = json.loads(file.read_text()).get("current")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, AttributeError) as error:
        raise PlatformError(
            f"{file}: the engine's logins cannot be read: {error}. Log in again: pulumi login."
        ) from error
    return str(current or "")
