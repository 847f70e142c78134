"""What an API server can answer, or not answer.

KubeError              the server answered with an error: status, reason, message, details
└── UnreachableError   no answer at all (status 0)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantry.errors import PlatformError


class KubeError(PlatformError):
    """The API server refused or failed."""

    def __init__(self, status: int, reason: str, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        """HTTP status. 0 where no answer came."""
        self.reason = reason
        """Kubernetes' own word for it, as in `NotFound`, `Conflict`, `AlreadyExists`, `Invalid`, `Forbidden`."""
        self.message = message
        self.details: dict[str, Any] = dict(details or {})
        """`details` of the server's Status; `causes` there names the fields."""


class UnreachableError(KubeError):
    """The API server gave no answer. Nothing is known of the cluster: never read it as "gone"."""

    def __init__(self, server: str, why: str) -> None:
        super().__init__(0, "Unreachable", f"The API server {server} does not answer: {why}")
