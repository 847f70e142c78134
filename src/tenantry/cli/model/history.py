"""`tenantry model history`: which versions there were, who changed them, and what is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tenantry.cli.model.place import ModelArgument, Place, find_model
from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption, TenantArgument
from tenantry.cli.output import out, print_table, say, table, write_json
from tenantry.cli.project import environment_ids, known_word

if TYPE_CHECKING:
    from tenantry.model_edit.past import Moment

HEADINGS = ("COMMIT", "DATE", "AUTHOR", "STABLE", "CANDIDATE", "WHAT")


def history(
    tenant: TenantArgument,
    model: ModelArgument,
    *,
    environment: EnvironmentOption = None,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Show how a model changed, and what is deployed of it.

    From git, newest first, renames followed, a merge as one change; and from the state of the last run, in every
    environment that the tenant lives in, or in the named one.

    Examples:
        tenantry model history vision defect-detector
        tenantry model history vision defect-detector --output json
    """
    from tenantry import git  # noqa: PLC0415 - only where git is asked
    from tenantry.model_edit.past import moments  # noqa: PLC0415 - only where git is asked

    place = find_model(root, tenant, model)
    past = moments(place.root, place.path)
    deployed = list(_deployed(place, environment))
    if output == "json":
        write_json({"history": list(_documents(past)), "deployed": deployed, "shallow": git.is_shallow(place.root)})
        return 0
    print_table(table(HEADINGS, _rows(past)), out())
    if git.is_shallow(place.root):
        say("This clone lacks older commits. Fetch them: git fetch --unshallow", "yellow")
    for one in deployed:
        say(_words(one))
    return 0


def _rows(past: Sequence[Moment]) -> Iterator[tuple[str, ...]]:
    from tenantry.diff.lines import printable  # noqa: PLC0415 - 0.1 s

    for one in _documents(past):
        when = one["date"][:10] if one["commit"] else "not committed"
        cells = ((one["commit"] or "")[:8], when, printable(one["author"]), one["stable"], one["candidate"])
        yield *(cell or "-" for cell in cells), printable(", ".join(one["changes"]))


def _documents(past: Sequence[Moment]) -> Iterator[dict[str, Any]]:
    from tenantry.model_edit.past import changes, share  # noqa: PLC0415 - loaded already

    for one, before in zip(past, [*past[1:], None], strict=True):
        yield {
            "commit": one.commit,
            "date": one.date,
            "author": one.author,
            "path": one.path,
            "stable": one.stable,
            "candidate": one.candidate,
            "rollout": share(one.data) or None,
            "changes": changes(one, before),
        }


def _deployed(place: Place, environment: str | None) -> Iterator[dict[str, Any]]:
    """What the engine's state says, an environment each; or why nobody can say it."""
    from tenantry.catalog import environments_of  # noqa: PLC0415 - 0.4 s
    from tenantry.errors import PlatformError  # noqa: PLC0415 - loaded already
    from tenantry.model_edit.live import of_state  # noqa: PLC0415 - 0.3 s

    known = environment_ids(place.root)
    asked = (
        [known_word(environment, known, "environment")] if environment else environments_of(place.root, place.tenant)
    )
    for name in asked:
        try:
            found = of_state(place.root, name, place.tenant, place.model)
        except PlatformError as error:
            yield {"environment": name, "known": False, "why": str(error)}
            continue
        predictors = [asdict(one) for one in found.predictors] if found else []
        yield {
            "environment": name,
            "known": True,
            "updated": found.updated if found else None,
            "predictors": predictors,
        }


def _words(one: dict[str, Any]) -> str:
    where = one["environment"]
    if not one["known"]:
        return f"{where}: what is deployed cannot be read: {one['why']}"
    if not one["predictors"]:
        return f"{where}: not deployed."
    served = ", ".join(f"{part['name']} {part['version'] or '?'} ({part['share']})" for part in one["predictors"])
    return f"{where}: deployed {one['updated'] or ''}: {served}."
