"""`tenantry model abort`: the candidate goes, and stable gets all traffic."""

from __future__ import annotations

from tenantry.cli.model.change import Answered, DryRunOption, carry_out, changed, text_of
from tenantry.cli.model.place import ModelArgument, find_model
from tenantry.cli.options import FormatOption, RootOption, TenantArgument, YesOption


def abort(
    tenant: TenantArgument,
    model: ModelArgument,
    *,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Take the candidate out, and give all traffic back to stable.

    Only its lines and its comments go; the rest of the file stays as it is, byte for byte. It works too where the
    candidate is what makes the file wrong.

    Examples:
        tenantry model abort vision defect-detector
    """
    from tenantry.model_edit.edits import without_candidate  # noqa: PLC0415 - only for edits

    place = find_model(root, tenant, model)
    before = text_of(place)
    after = without_candidate(before, place.path)
    change = changed(place, "Abort the candidate: stable gets all traffic", before, after)
    return carry_out(place, change, Answered(yes, dry_run, output))
