"""The passphrase that secrets in the project's own state are encrypted with."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tenantry.errors import PlatformError

FILE: Final = ".tenantry/passphrase"
SETTINGS: Final = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
"""Either one means that the user looks after the passphrase. An empty passphrase is one too."""


def passphrase(root: Path, variables: Mapping[str, str], *, state: Path) -> dict[str, str]:
    """The variable that names the passphrase, made up on first use; nothing where the user has set one.

    Raises:
        PlatformError: the file is gone and the state is not. A new passphrase would open nothing of what is there.
    """
    if any(setting in variables for setting in SETTINGS):
        return {}
    file = root / FILE
    if not file.exists():
        _make(file, state)
    return {"PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}


def _make(file: Path, state: Path) -> None:
    if any((state / ".pulumi/stacks").rglob("*.json")):
        raise PlatformError(
            f"{file} is gone, and {state} holds stacks whose secrets it opens. Restore it from a backup, or set "
            "PULUMI_CONFIG_PASSPHRASE. For a sandbox that may be made anew: tenantry sandbox down --purge"
            f", remove {state}, then tenantry sandbox up."
        )
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(secrets.token_urlsafe(32))
    try:
        # Never over one that somebody else made at the same moment.
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
