"""`tenantry model diff`: what the candidate has that stable has not, and what changed since a revision."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from tenantry.cli.model.change import text_of
from tenantry.cli.model.place import ModelArgument, Place, find_model
from tenantry.cli.options import FormatOption, RootOption, TenantArgument
from tenantry.cli.output import out, print_table, say, table, write_json
from tenantry.cli.show import in_words, leaves

AgainstOption = Annotated[
    str | None, typer.Option("--against", metavar="REVISION", help="Branch, tag or commit to compare the file with.")
]
Difference = tuple[str, str, str]
"""A key, and its value on both sides; empty where a side has none."""


def diff(
    tenant: TenantArgument,
    model: ModelArgument,
    *,
    against: AgainstOption = None,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Compare the candidate with stable, and the file with a revision.

    Values are compared, and neither comments nor spelling. What the change does to the cluster: tenantry diff.

    Examples:
        tenantry model diff vision defect-detector
        tenantry model diff vision defect-detector --against origin/main
    """
    from tenantry.yaml_source import parse  # noqa: PLC0415 - only where a file is read

    place = find_model(root, tenant, model)
    data = parse(text_of(place), place.path).data
    found: dict[str, list[Difference]] = {}
    if "candidate" in data:
        found["candidate"] = list(differences(data.get("stable", {}), data["candidate"]))
    if against:
        found["revision"] = list(differences(_at(place, against), data))
    if output == "json":
        write_json({key: [_document(one) for one in rows] for key, rows in found.items()})
        return 0
    sides = {"candidate": ("STABLE", "CANDIDATE"), "revision": (against or "", "NOW")}
    for key, rows in found.items():
        print_table(table(("KEY", *sides[key]), rows), out())
    if "candidate" not in found:
        say("There is no candidate.")
    return 0


def differences(old: Any, new: Any) -> Iterator[Difference]:  # noqa: ANN401 - whatever a file holds
    """Each value that two blocks do not share, by its dotted key, in the order of the first and then of the second."""
    before, after = (dict(leaves(_plain(side) if isinstance(side, Mapping) else {})) for side in (old, new))
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield key, before.get(key, ""), after.get(key, "")


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return in_words([_plain(item) for item in value]) if isinstance(value, tuple) else value


def _at(place: Place, revision: str) -> Mapping[str, Any]:
    from tenantry import git  # noqa: PLC0415 - only where git is asked
    from tenantry.yaml_source import read  # noqa: PLC0415 - only where a file is read

    commit = git.commit_of(place.root, revision)
    with tempfile.TemporaryDirectory(prefix="tenantry-") as folder:
        git.materialise(place.root, revision, commit, [place.path], Path(folder))
        if not (Path(folder) / place.path).exists():
            say(f"{revision} has no {place.path}: all of it is new.")
            return {}
        return read(Path(folder) / place.path, root=Path(folder)).data


def _document(one: Difference) -> dict[str, str | None]:
    key, before, after = one
    return {"key": key, "before": before or None, "after": after or None}
