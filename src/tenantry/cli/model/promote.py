"""`tenantry model promote`: the candidate becomes stable, or takes its next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tenantry.cli.failure import UsageError
from tenantry.cli.model.change import Answered, DryRunOption, carry_out, changed, read, text_of
from tenantry.cli.model.override import (
    ApproverOption,
    OverrideOption,
    ReasonOption,
    override_value,
    refuse_needless,
    refuse_standing,
    standing_of,
)
from tenantry.cli.model.place import ModelArgument, Place, find_model
from tenantry.cli.options import FormatOption, RootOption, TenantArgument, YesOption

if TYPE_CHECKING:
    from tenantry.model_edit.summary import Change
    from tenantry.model_spec import CandidateSpec

StepOption = Annotated[bool, typer.Option("--step", help="Only give it the next percent of its steps.")]


def promote(
    tenant: TenantArgument,
    model: ModelArgument,
    *,
    step: StepOption = False,
    override: OverrideOption = False,
    reason: ReasonOption = None,
    approved_by: ApproverOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Make the candidate stable; with --step, give it more traffic.

    Refused while its gate does not pass. The version that was stable stays in git, where rollback finds it.

    Examples:
        tenantry model promote vision defect-detector --step
        tenantry model promote vision defect-detector
        tenantry model promote vision defect-detector --override
            --reason "The new camera has no labels yet, see OPS-112." --approved-by head@example.com
    """
    value = override_value(reason, approved_by, override=override)
    if approved_by and not override:
        raise UsageError("--approved-by belongs to --override. Add it, or leave the address out.")
    place = find_model(root, tenant, model)
    change = _promotion(place, value, step=step)
    return carry_out(place, change, Answered(yes, dry_run, output))


def _promotion(place: Place, override: str | None, *, step: bool) -> Change:
    from tenantry.model_edit.edits import promoted, with_override, with_traffic, without_candidate  # noqa: PLC0415 - only for edits

    before = text_of(place)
    # Says where one would be, if there is none.
    without_candidate(before, place.path)
    found, ready = read(place, before), before
    if override:
        refuse_needless(standing_of(found, "candidate"))
        ready = with_override(before, place.path, override)
        found = read(place, ready)
    refuse_standing(found, "candidate")
    candidate = found.spec.candidate
    assert candidate  # noqa: S101 - the strict reader found its block above
    if step:
        percent = next_step(candidate)
        title = f"Give candidate {candidate.version} {percent} % of the traffic"
        return changed(place, title, before, with_traffic(ready, place.path, percent))
    title = f"Promote {candidate.version} to stable, in place of {found.spec.stable.version}"
    return changed(place, title, before, promoted(ready, place.path), judged=found.spec)


def next_step(candidate: CandidateSpec) -> int:
    """The percent that comes after the one it has.

    Raises:
        UsageError: it has no steps, or is on the last one.
    """
    rollout = candidate.rollout
    if not rollout.steps:
        raise UsageError(
            "its rollout has no steps. Write them, as in steps: [10, 25, 50], or promote it without --step."
        )
    further = [percent for percent in rollout.steps if percent > (rollout.traffic or 0)]
    if not further:
        raise UsageError(f"it is on its last step, {rollout.traffic} %. Promote it without --step.")
    return further[0]
