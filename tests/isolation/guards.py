"""What stops attacks, how it says so, and how each can be taken away to see that nothing else does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.isolation.client import Answer


@dataclass(frozen=True, order=True)
class Guard:
    """One removable guard."""

    kind: str
    """`rights`, `policy`, `pod-security`, `quota` or `limits`; `server` for what Kubernetes itself refuses."""
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


SERVER = Guard("server", "")
"""Kubernetes itself: nothing that anybody could take away."""
POD_SECURITY = Guard("pod-security", "restricted")
LIMITS = Guard("limits", "defaults")


def rights(name: str) -> Guard:
    """RBAC: a role that would be wider (`admin`, `developer`, `viewer`), or `cluster`: a binding that there is not."""
    return Guard("rights", name)


def hard(key: str, quota: str = "tenant") -> Guard:
    """One limit of one ResourceQuota."""
    return Guard("quota", f"{quota}/{key}")


def binding(name: str) -> Guard:
    """One binding of a ValidatingAdmissionPolicy, by its name without `tenantry-`."""
    return Guard("policy", name)


@dataclass(frozen=True)
class Stop:
    """A guard, and the exact words by which it refuses."""

    guard: Guard
    status: int
    words: str
    """Regular expression."""

    def said(self, answer: Answer) -> bool:
        """Whether this guard gave the answer."""
        return answer.status == self.status and self.in_words(answer.message)

    def in_words(self, message: str) -> bool:
        """Whether this guard wrote the message, as a controller's event repeats it."""
        return re.search(self.words, message) is not None


def forbidden(verb: str, resource: str, name: str = "developer") -> Stop:
    """RBAC says no. `name` is the role that would have to be wider."""
    return Stop(rights(name), 403, rf'is forbidden: User "[^"]+" cannot {verb} resource "{re.escape(resource)}"')


def denied(rule: str, words: str = "", *, update: bool = False) -> Stop:
    """A policy says no. Rules that read the tenant's parameters have a binding of their own for updates."""
    bound = f"{rule}-update" if update else rule
    refusal = f"ValidatingAdmissionPolicy 'tenantry-{rule}' with binding 'tenantry-{bound}' denied request: {rule}: "
    return Stop(binding(bound), 403, f"{re.escape(refusal)}.*{words}")


def insecure(words: str) -> Stop:
    """Pod Security says no."""
    return Stop(POD_SECURITY, 403, rf'violates PodSecurity "restricted:latest": .*{words}')


def exceeded(key: str, quota: str = "tenant") -> Stop:
    """A quota says no, and names what would be too much."""
    return Stop(hard(key, quota), 403, rf"exceeded quota: {quota}, requested: .*{re.escape(key)}=")


def refused(status: int, words: str) -> Stop:
    """Kubernetes itself says no, whoever asks and whatever we install."""
    return Stop(SERVER, status, words)


def either(*stops: Stop) -> Stop:
    """Several policies refuse at once: which of them speaks is the API server's choice, and all have to go."""
    names = "+".join(stop.guard.name for stop in stops)
    return Stop(Guard("policy", names), stops[0].status, "|".join(f"(?:{stop.words})" for stop in stops))
