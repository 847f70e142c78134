"""An attack as data: what is asked, as whom, by which route, what stops it, and what differs when it is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.isolation.calls import Call, Json
from tests.isolation.client import Answer
from tests.isolation.guards import Stop, rights

DEVELOPER, ADMIN, VIEWER = "developer", "admin", "viewer"
DEFAULT, RUNNER, SELDON = "default", "pipeline-runner", "serving"
PEOPLE = (DEVELOPER, ADMIN)
ACCOUNTS = (DEFAULT, RUNNER, SELDON)
EVERYBODY = (DEVELOPER, DEFAULT, RUNNER, SELDON)
"""The tenant's user and its namespace's service accounts: Kubernetes' own, that of Pipelines and that of Seldon."""

UNBOUND = Stop(rights("accounts"), 403, r'is forbidden: User "system:serviceaccount:[^"]+:default" cannot')
"""What the namespace's `default` service account hears, whatever it asks."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One attack. Its control differs from it in one field, and must be done."""

    row: str
    """Row of the list of attacks, as in `A18`."""
    name: str
    call: Call
    control: Call | None
    """None where the attack has no harmless sister: then who is allowed to do the very same is the control."""
    stops: tuple[Stop, ...]
    """Every guard in its way, in the order in which they would stop it."""
    identities: tuple[str, ...] = (DEVELOPER,)
    allowed_to: str = ""
    """Who does the control, where it is not the attacker. The platform, where `control` is None."""
    wide: bool = False
    """Whether the control, too, needs the role that is too wide: then it is done where that is taken away first."""
    reached: str = ""
    """What the API server answers when every guard is passed and there is nothing behind, as an exec without a node."""
    route: str = "direct"
    template: tuple[Json, Json] | None = None
    """Pod specs of attack and control, for routes that wrap them in a workload."""

    @property
    def expendable(self) -> Call:
        """The attack as it can be let through: rehearsed, where it is no question only."""
        return self.call.rehearsed()

    def done(self, answer: Answer) -> bool:
        """Whether nothing has stopped it."""
        return answer.allowed or bool(self.reached and self.reached in answer.message)


@dataclass(frozen=True)
class Case:
    """One attack by one identity."""

    attack: Attack
    identity: str

    @property
    def id(self) -> str:
        """Name of the case in reports."""
        return f"{self.attack.row}-{self.attack.name}[{self.attack.route}-{self.identity}]"

    @property
    def stops(self) -> tuple[Stop, ...]:
        """What is in this identity's way: who holds no right at all is stopped before everything else."""
        return (UNBOUND,) if self.identity == DEFAULT else self.attack.stops


def cases(attacks: Iterable[Attack]) -> Iterator[Case]:
    """Every attack by everybody who tries it."""
    for attack in attacks:
        for identity in attack.identities:
            yield Case(attack, identity)
