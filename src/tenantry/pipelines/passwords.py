"""Passwords that nobody chooses and nobody sees."""

from __future__ import annotations

import secrets
import string

LETTERS = string.ascii_letters + string.digits
"""Nothing that a shell, SQL or an address would read as something else."""
LENGTH = 32
"""190 bits; MySQL's replication takes no more than 32 characters."""


def new_password() -> str:
    """A password, another one at every call."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
