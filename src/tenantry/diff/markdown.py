"""A difference as the comment on a pull request.

What stands in it was written by whoever opened the pull request: outside of fenced blocks every character
that is no letter or digit becomes an entity in a `<code>`, where neither Markdown nor mentions nor references work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from tenantry.diff.lines import Line, blast_radius, counts, delta, dollars, field_line, printable, signed, stack_lines
from tenantry.diff.model import RESOURCE_WORDS, Diff, FieldChange, StackDiff

MARKER = "<!-- tenantry-diff -->"
"""First line, by which a later run finds the comment that it should replace."""

LIMIT = 60_000
"""Most characters of a comment; GitHub refuses more than 65,536."""

ROWS = 100
"""Most rows of the table."""

QUOTA_CELL = 6
"""Most quota changes in one cell of the table."""

_MARKS = {"±": "-", "~": "!"}
"""Marks that GitHub's colours for a diff do not know, and the ones that they do."""


def to_markdown(diff: Diff, limit: int = LIMIT) -> str:
    """The whole difference as one comment of at most `limit` characters; what is left out is counted.

    The most dangerous stacks stand first: removed and replaced resources, then the number of changes.
    """
    stacks = sorted(diff.stacks, key=_danger)
    parts = [f"{MARKER}\n### What this changes\n", f"**Blast radius:** {blast_radius(diff)}.\n"]
    parts += [_cost(stacks), _table(stacks), *(f"> {code(note)}\n" for note in diff.notes)]
    head = "\n".join(part for part in parts if part)
    return head + _sections(stacks, limit - len(head))


def code(text: str) -> str:
    """Text as inert inline code, also in a table and in HTML."""
    safe = re.sub(r"[^A-Za-z0-9 .,_-]", lambda match: f"&#{ord(match[0])};", printable(text))
    # An underscore can open emphasis.
    return f"<code>{safe.replace('_', '&#95;')}</code>"


def _danger(stack: StackDiff) -> tuple[int, int, str]:
    return -(stack.count("removed") + stack.count("replaced")), -len(stack.resources), stack.stack


def _cost(stacks: Iterable[StackDiff]) -> str:
    amounts = [delta(stack.money) for stack in stacks if stack.money]
    if not amounts:
        return ""
    return f"**Cost:** {signed(sum(amounts, Decimal(0)))} a month, for the guaranteed quota.\n"


def _table(stacks: list[StackDiff]) -> str:
    if not stacks:
        return ""
    rows = ["| stack | added | changed | replaced | removed | a month | quota |", "|---|--:|--:|--:|--:|--:|---|"]
    rows += [_row(stack) for stack in stacks[:ROWS]]
    left = stacks[ROWS:]
    if left:
        rows += ["", f"… and {len(left)} more stacks: {counts(Diff(tuple(left)))}."]
    return "\n".join(rows) + "\n"


def _row(stack: StackDiff) -> str:
    numbers = [str(stack.count(word)) for word in RESOURCE_WORDS]
    quota = [_quota(change) for change in stack.quota[:QUOTA_CELL]]
    if len(stack.quota) > QUOTA_CELL:
        quota.append(f"and {len(stack.quota) - QUOTA_CELL} more")
    return f"| {code(stack.stack)} | {' | '.join(numbers)} | {_month(stack)} | {', '.join(quota)} |"


def _quota(change: FieldChange) -> str:
    line = field_line(change)
    return code(line.text if line.mark == "~" else f"{line.mark} {line.text}")


def _month(stack: StackDiff) -> str:
    if not stack.money:
        return ""
    after = stack.money.after.guaranteed_usd if stack.money.after else None
    over = " **over budget**" if stack.money.after and stack.money.after.over_budget else ""
    return f"{dollars(after)} ({signed(delta(stack.money))}){over}"


def _sections(stacks: list[StackDiff], room: int) -> str:
    written: list[str] = []
    for index, stack in enumerate(stacks):
        left_out = f"\nThe details of {len(stacks) - index} stacks are left out here, for want of room.\n"
        section = _section(stack, room - len(left_out))
        if section is None:
            return "".join(written) + left_out
        written.append(section)
        room -= len(section)
    return "".join(written)


def _section(stack: StackDiff, room: int) -> str | None:
    """One stack, cut to the room there is; None where there is too little for anything."""
    lines = [_line(line) for line in stack_lines(stack)]
    # No line can close the block: each starts with its mark, or is indented further than a fence may be.
    start = f"\n<details><summary>{code(stack.stack)}: {counts(stack)}</summary>\n\n```diff\n"
    end = "```\n\n</details>\n"
    body = _fit(lines, room - len(start) - len(end))
    return f"{start}{body}{end}" if body else None


def _fit(lines: list[str], room: int) -> str:
    """As many of the lines as fit, and a last one that counts the others. Empty where none fits."""
    whole = "".join(f"{line}\n" for line in lines)
    if len(whole) <= room:
        return whole
    body, kept = "", 0
    room -= len(_left_out(len(lines)))
    while len(body) + len(lines[kept]) + 1 <= room:
        body += f"{lines[kept]}\n"
        kept += 1
    return body + _left_out(len(lines) - kept) if kept else ""


def _left_out(lines: int) -> str:
    return f"# … {lines} more lines are left out here, for want of room\n"


def _line(line: Line) -> str:
    return f"{_MARKS.get(line.mark, line.mark)} {'    ' * line.indent}{line.text}"
