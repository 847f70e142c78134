"""`tenantry model rollback`: an earlier version becomes stable again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tenantry.cli.model.change import Answered, DryRunOption, carry_out, changed, read, text_of
from tenantry.cli.model.override import (
    ApproverOption,
    OverrideOption,
    ReasonOption,
    override_value,
    refuse_needless,
    standing_of,
)
from tenantry.cli.model.place import ModelArgument, Place, find_model
from tenantry.cli.options import FormatOption, RootOption, TenantArgument, YesOption
from tenantry.errors import InputError, Problem

if TYPE_CHECKING:
    from tenantry.model_edit.past import Moment
    from tenantry.model_edit.summary import Change
    from tenantry.models.effective import EffectiveModel

ToOption = Annotated[
    str | None, typer.Option("--to", metavar="VERSION", help="Any version that was stable. Default: the last one.")
]
DropOption = Annotated[bool, typer.Option("--drop-candidate", help="Take out the candidate as well, if there is one.")]


def rollback(
    tenant: TenantArgument,
    model: ModelArgument,
    *,
    to: ToOption = None,
    drop_candidate: DropOption = False,
    override: OverrideOption = False,
    reason: ReasonOption = None,
    approved_by: ApproverOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Make an earlier version stable again, as git has it.

    It comes back as it was written then: address, evidence, approval and comments. For a bad candidate, abort is what
    helps, so rollback refuses to go further back while there is one, unless told to drop it.

    Examples:
        tenantry model rollback vision defect-detector
        tenantry model rollback vision defect-detector --to 11
    """
    value = override_value(reason, approved_by, override=override)
    place = find_model(root, tenant, model)
    change = _return(place, to, value, drop_candidate=drop_candidate)
    return carry_out(place, change, Answered(yes, dry_run, output))


def _return(place: Place, to: str | None, override: str | None, *, drop_candidate: bool) -> Change:
    from tenantry.model_edit.edits import stable_lines, with_override, with_stable, without_candidate  # noqa: PLC0415 - only for edits

    before = text_of(place)
    now = read(place, before)
    ready = before
    if now.spec.candidate:
        if not drop_candidate:
            raise InputError([_candidate_in_the_way(place, now)])
        ready = without_candidate(before, place.path)
    target = _target(place, now.spec.stable.version, to)
    after = with_stable(ready, place.path, stable_lines(target.text or "", target.path))
    if override:
        refuse_needless(standing_of(read(place, after), "stable"))
        after = with_override(after, place.path, override, "stable")
    standing = standing_of(read(place, after), "stable")
    notes = [f"Version {target.stable} is as commit {(target.commit or '')[:12]} of {target.date} had it."]
    if standing:
        notes.append("It does not pass today's gate, so tenantry check refuses it: see --override.")
    title = f"Roll back from {now.spec.stable.version} to {target.stable}"
    return changed(place, title, before, after, notes=notes)


def _candidate_in_the_way(place: Place, now: EffectiveModel) -> Problem:
    what = f"is there, so going back from stable {now.spec.stable.version} may not be what is meant"
    abort = f"tenantry model abort {place.tenant} {place.model}"
    fix = f"Give all traffic to {now.spec.stable.version} ({abort}), or go further back all the same: --drop-candidate"
    return Problem(*now.document.key(("candidate",)), "candidate", what, fix)


def _target(place: Place, current: str, to: str | None) -> Moment:
    from tenantry.model_edit.past import earlier_stable, moments  # noqa: PLC0415 - only for edits

    past = moments(place.root, place.path)
    if to == current:
        raise InputError(
            [Problem(place.path, 1, 1, "stable", f"is {to} already", "Name another version: --to VERSION")]
        )
    if found := earlier_stable(past, current, to):
        return found
    raise InputError([_unknown(place, past, current, to)])


def _unknown(place: Place, past: Sequence[Moment], current: str, to: str | None) -> Problem:
    from tenantry import git  # noqa: PLC0415 - only for edits

    known = list(dict.fromkeys(one.stable for one in past if one.stable and one.stable != current))
    what = f'no version "{to}" was stable' if to else "no other version was stable"
    if not any(one.commit for one in past):
        fix = "The file is not in git yet. Commit it; then its versions are kept"
    elif git.is_shallow(place.root):
        fix = "This clone lacks older commits. Fetch them: git fetch --unshallow"
    elif any(one.candidate == to for one in past if to):
        fix = f"It was only a candidate. Make it one again: tenantry model add {place.tenant} {place.model}"
    else:
        fix = f"Versions that were: {', '.join(known)}" if known else "Edit the file by hand, or abort a candidate"
    return Problem(place.path, 1, 1, "stable", f"{what}, as far as git knows", fix)
