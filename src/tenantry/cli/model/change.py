"""Carrying out a change of a model's file: checked, shown, asked about, written in one step, summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from tenantry.cli.ask import DECLINED, agreed
from tenantry.cli.model.place import Place
from tenantry.cli.options import Format
from tenantry.cli.output import err, say, write, write_json
from tenantry.errors import InputError

if TYPE_CHECKING:
    from tenantry.model_edit.summary import Change
    from tenantry.model_spec import ModelSpec
    from tenantry.models.effective import EffectiveModel

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the change and its summary; write nothing.")]
COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True)
class Answered:
    """How a change is to be carried out."""

    yes: bool
    dry_run: bool
    output: Format


def text_of(place: Place) -> str:
    """The file's text, its line ends as they are.

    Raises:
        InputError: it is no file that Tenantry reads.
    """
    from tenantry.source_file import read_text  # noqa: PLC0415 - only where a file is read

    file = place.root / place.path
    read_text(file, root=place.root)
    return file.read_bytes().decode()


def read(place: Place, text: str) -> EffectiveModel:
    """What a text makes in the model's place.

    Raises:
        InputError: it cannot be accepted.
    """
    from tenantry.model_edit.judged import read_changed  # noqa: PLC0415 - 0.4 s

    return read_changed(place.root, place.tenant, place.model, text)


def changed(
    place: Place, title: str, before: str, after: str, *, judged: ModelSpec | None = None, notes: Sequence[str] = ()
) -> Change:
    """A change of a model that is there.

    Args:
        place: the model.
        title: what is done, as an order.
        before: the file's text.
        after: the new one.
        judged: the model whose gate is shown. None: the new one.
        notes: what whoever reviews it must know.

    Raises:
        InputError: the new text cannot be accepted. The old one may be wrong, so that an edit can mend it.
    """
    from tenantry.model_edit.summary import Change  # noqa: PLC0415 - 0.4 s

    new = read(place, after).spec
    try:
        old = read(place, before).spec
    except InputError:
        old = None
    return Change(
        tenant=place.tenant,
        model=place.model,
        path=place.path,
        title=title,
        before=before,
        after=after,
        old=old,
        new=new,
        judged=judged or new,
        notes=notes,
    )


def carry_out(place: Place, change: Change, how: Answered) -> int:
    """Show a change, ask, write it and print its summary: the exit code."""
    from tenantry.model_edit.summary import to_json, to_markdown  # noqa: PLC0415 - 0.4 s
    from tenantry.model_edit.write import write as write_file  # noqa: PLC0415 - only where a file is written

    console = err()
    for line in change.diff.splitlines():
        console.print(line, style=COLOURS.get(line[:1]), soft_wrap=True)
    if not how.dry_run:
        if not agreed(f"Write {change.path}?", yes=how.yes):
            say("Nothing was written.")
            return DECLINED
        before = None if change.before is None else change.before.encode()
        write_file(place.root, change.path, before, change.after.encode())
        say(f"Wrote {change.path}. Next: tenantry check, and a pull request with the summary below.", "green")
    if how.output == "json":
        write_json({**to_json(change), "written": not how.dry_run})
    else:
        write(to_markdown(change))
    return 0
