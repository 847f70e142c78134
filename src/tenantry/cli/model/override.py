"""Letting a version serve although its gate does not pass: only with a reason and a name, both written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tenantry.cli.failure import UsageError
from tenantry.errors import InputError

if TYPE_CHECKING:
    from tenantry.models.effective import EffectiveModel
    from tenantry.models.gates import GateFinding

OverrideOption = Annotated[
    bool, typer.Option("--override", help="Let it serve although its gate does not pass; needs the next two.")
]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="SENTENCE", help="With --override: why, written into the file.")
]
ApproverOption = Annotated[
    str | None,
    typer.Option("--approved-by", metavar="ADDRESS", help="With --override: who decided it, written into the file."),
]


def override_value(reason: str | None, approved_by: str | None, *, override: bool) -> str | None:
    """The value of the key `override`; None where none was asked for.

    Raises:
        UsageError: reason or name are missing, or nobody asked to override.
    """
    from tenantry.model_edit.draft import override as value  # noqa: PLC0415 - only for edits

    if not override:
        if reason:
            raise UsageError("--reason belongs to --override. Add it, or leave the reason out.")
        return None
    if not (reason and approved_by):
        missing = " and ".join(
            flag for flag, given in (("--reason", reason), ("--approved-by", approved_by)) if not given
        )
        raise UsageError(f"--override needs {missing}: why, and who decided it. Both are written into the file.")
    return value(reason, approved_by)


def standing_of(model: EffectiveModel, key: str) -> list[GateFinding]:
    """What stands in the way of one of the two versions."""
    from tenantry.models.gates import standing  # noqa: PLC0415 - 0.3 s

    return [finding for finding in standing(model.spec) if finding.version == key]


def refuse_standing(model: EffectiveModel, key: str) -> None:
    """Refuse a version whose gate does not pass.

    Raises:
        InputError: with each thing that it has not shown.
    """
    if found := standing_of(model, key):
        raise InputError(model.problem(finding.what, finding.fix, *finding.keys) for finding in found)


def refuse_needless(found: Sequence[GateFinding]) -> None:
    """Refuse to override what nothing stands in the way of: the file would say something that is not so.

    Raises:
        UsageError: the gate passes.
    """
    if not found:
        raise UsageError("the gate passes, so there is nothing to override. Leave --override out.")
