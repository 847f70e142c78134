"""What a run of the engine did, or would do, to each stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from tenantry.diff.model import FieldChange

Operation = Literal["create", "update", "replace", "delete", "same"]
OPERATIONS: Final[tuple[Operation, ...]] = ("create", "update", "replace", "delete", "same")

Outcome = Literal["done", "failed", "busy", "changed", "skipped", "interrupted"]
"""How one stack ended.

- `done`: everything that was asked for is true.
- `failed`: the engine, the program or the cluster refused; `error` says what.
- `busy`: somebody else is running on the stack; nothing was touched.
- `changed`: the run would remove more than the plan showed; nothing was touched.
- `skipped`: not started, because what it stands on failed.
- `interrupted`: stopped by a signal between two resources; the next run goes on from there.
"""

INTERRUPTED_EXIT: Final = 130
"""What a shell reports for a program that Ctrl-C ended (128 + SIGINT)."""
FAILED_EXIT: Final = 3


@dataclass(frozen=True, kw_only=True)
class Change:
    """One resource that a run touches, or would touch."""

    urn: str
    type: str
    """Type token, as in `kubernetes:core/v1:ResourceQuota`."""
    title: str
    """What a person calls it: `ResourceQuota vision/tenant`."""
    operation: Operation
    fields: tuple[FieldChange, ...] = ()
    """The inputs that differ; none for a resource that is created or deleted."""


@dataclass(frozen=True, kw_only=True)
class StackResult:
    """What happened to one stack, or would happen."""

    stack: str
    outcome: Outcome
    counts: Mapping[Operation, int] = field(default_factory=lambda: dict.fromkeys(OPERATIONS, 0))
    """Resources that the program declares, by operation; components and providers are some of them."""
    changes: tuple[Change, ...] = ()
    """Every resource that is not `same`, in the order of the engine's steps."""
    error: str = ""
    """Why it is not done, and the way out. Empty where it is."""
    seconds: float = 0.0
    basis: str = ""
    """Digest of everything that a preview was computed from. `up` compares it. Empty for other runs."""

    @property
    def removals(self) -> frozenset[str]:
        """URNs of what is deleted or replaced."""
        return frozenset(change.urn for change in self.changes if change.operation in ("delete", "replace"))


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where one stack stands, for a person who watches."""

    stack: str
    phase: Literal["waiting", "starting", "planning", "running", "stopping", "ended"]
    """`planning` is a preview, also the one inside of `up`; `running` changes things."""
    finished: int = 0
    """Resources that are through."""
    total: int | None = None
    """Resources in all. None where nobody knows yet."""
    resource: str = ""
    """Title of the resource that was touched last."""
    result: StackResult | None = None
    """Set in the last phase."""


OnProgress = Callable[[Progress], None]
"""Called from the thread that runs the stack; calls for one stack come in order, calls for several may overlap."""


def exit_code(results: Iterable[StackResult]) -> int:
    """0 where every stack is done, 130 where a signal stopped any, else 3."""
    outcomes = {result.outcome for result in results}
    if "interrupted" in outcomes:
        return INTERRUPTED_EXIT
    return 0 if outcomes <= {"done"} else FAILED_EXIT
