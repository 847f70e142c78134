"""Reaching beyond one's rights: A03 to A13 and A31 to A34."""

from __future__ import annotations

from tests.isolation.attack import EVERYBODY, Attack
from tests.isolation.calls import Call, collection, read
from tests.isolation.guards import Stop, forbidden

OWN, OTHER = "$own", "$other"
SECRETS = collection("v1", "secrets", OTHER)
OWN_SECRETS = collection("v1", "secrets")


def reach(row: str, name: str, call: Call, control: Call | None, *stops: Stop, **rest: object) -> Attack:
    """One request by everybody."""
    return Attack(row=row, name=name, call=call, control=control, stops=stops, identities=EVERYBODY, **rest)  # type: ignore[arg-type]  # the fields of Attack, checked by its constructor


READING = (
    reach("A03", "list", read(SECRETS), read(OWN_SECRETS), forbidden("list", "secrets", "cluster")),
    reach(
        "A03", "get", read(f"{SECRETS}/theirs"), read(f"{OWN_SECRETS}/theirs"), forbidden("get", "secrets", "cluster")
    ),
)

ATTACKS: tuple[Attack, ...] = READING
