"""How long an API server is waited for, and when it is asked again."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import urllib3
from urllib3.exceptions import MaxRetryError, ReadTimeoutError

if TYPE_CHECKING:
    from types import TracebackType

    from urllib3.connectionpool import ConnectionPool

RETRIED: Final = frozenset({429, 502, 503, 504})
"""Statuses of a server that is busy, or of a proxy in front of one that is away."""
REPEATABLE: Final = frozenset({"GET", "PATCH", "DELETE"})
"""Methods sent twice. A create may have happened though its answer was lost; server-side apply is idempotent."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds, all of them. One request takes at most `again` and one attempt more, however often it is tried."""

    connect: float = 5
    read: float = 20
    """Without a word after a GET. A page of 500 objects takes a server that is well a second or two."""
    write: float = 60
    """Without a word after anything else: the API server's own limit (`--request-timeout`), as webhooks may take it."""
    again: float = 10
    """No attempt starts later than that after the first one."""

    def silence(self, method: str) -> float:
        """How long one attempt waits for the next word."""
        return self.read if method == "GET" else self.write

    def retries(self) -> Retries:
        """The attempts of a request that starts now."""
        made = Retries(
            total=4,
            # Nobody listens: two more looks, in case it is just starting anew.
            connect=2,
            redirect=0,
            backoff_factor=0.2,
            allowed_methods=REPEATABLE,
            status_forcelist=RETRIED,
            raise_on_status=False,
        )
        made.until = time.monotonic() + self.again
        return made


class Retries(urllib3.Retry):
    """Retries with an end in time. A server that kept silent is not asked again: it would keep silent as long."""

    until: float = math.inf
    """When no new attempt starts any more, by the monotonic clock."""

    def new(self, **settings: Any) -> Retries:  # noqa: ANN401 - handed on as they are
        """What is left after an attempt."""
        made = super().new(**settings)
        made.until = self.until
        return made

    def get_retry_after(self, response: urllib3.BaseHTTPResponse) -> float | None:
        """Seconds that the server asks for, and never more than are left."""
        asked = super().get_retry_after(response)
        return None if asked is None else max(0.0, min(asked, self.until - time.monotonic()))

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: urllib3.BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Retries:
        """What is left after this attempt.

        Raises:
            MaxRetryError: nothing is.
        """
        if _pool and (isinstance(error, ReadTimeoutError) or time.monotonic() >= self.until):
            raise MaxRetryError(_pool, url or "", error)
        return super().increment(method, url, response, error, _pool, _stacktrace)
