"""A difference as lines, before anybody decides on colours or Markdown."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tenantry.cost import CostLine
from tenantry.diff.model import RESOURCE_WORDS, Diff, FieldChange, Money, ResourceChange, StackDiff

MARKS = {"added": "+", "changed": "~", "replaced": "±", "removed": "-", "reordered": "~"}
"""Sign in front of a line, by what happens."""

VALUE_MAX = 160
"""Characters of one value; a longer one is cut, with its length said."""

TEXT_MAX = 40
"""Lines of one changed text; further ones are counted."""

_PLAIN = re.compile(r"[A-Za-z0-9_./:@#%+-]+\Z")


@dataclass(frozen=True)
class Line:
    """One line of a difference."""

    mark: str
    """One of `MARKS`, or a space for what is only said."""
    text: str
    indent: int = 0


def stack_lines(stack: StackDiff) -> Iterator[Line]:
    """Everything about one stack, resources first, then quota and cost."""
    if stack.change == "removed":
        yield Line("-", "The tenant leaves this environment. Nothing is destroyed by that alone: offboard it.")
    for resource in stack.resources:
        yield from _resource(resource)
    yield from (field_line(change, "quota ") for change in stack.quota)
    if stack.money:
        yield from _money(stack.money)


def blast_radius(diff: Diff) -> str:
    """One sentence: how many stacks, and what happens in them."""
    changed = f"{len(diff.stacks)} of {diff.compared} stacks" if diff.compared else "no stack"
    return f"{changed}: {counts(diff)}"


def counts(of: Diff | StackDiff) -> str:
    """How many resources are added, changed, replaced and removed, in words."""
    return ", ".join(f"{of.count(word)} {word}" for word in RESOURCE_WORDS)


def dollars(amount: Decimal | None) -> str:
    """US dollars, to the cent."""
    return "nothing" if amount is None else f"${amount:,.2f}"


def delta(money: Money) -> Decimal:
    """By how much the guaranteed quota gets dearer (or, negative, cheaper) a month."""
    before, after = ((cost.guaranteed_usd if cost else Decimal(0)) for cost in (money.before, money.after))
    return after - before


def signed(amount: Decimal) -> str:
    """US dollars with the sign in front."""
    return f"{'-' if amount < 0 else '+'}${abs(amount):,.2f}"


def printable(text: str) -> str:
    """The text with every character that could act on a terminal or reorder a line spelled out."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def value(content: object) -> str:
    """A value in one line, strings bare where nothing can be misread."""
    if isinstance(content, str) and _PLAIN.match(content):
        text = content
    elif isinstance(content, float) and content.is_integer():
        text = str(int(content))
    else:
        text = printable(json.dumps(content, ensure_ascii=False, sort_keys=True))
    return _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= VALUE_MAX else f"{text[:VALUE_MAX]}… ({len(text):,} characters)"


def _resource(resource: ResourceChange) -> Iterator[Line]:
    suffix = " (deleted and created anew)" if resource.change == "replaced" else ""
    yield Line(MARKS[resource.change], printable(resource.title) + suffix)
    for change in resource.fields:
        yield from _change(change)


def _change(change: FieldChange) -> Iterator[Line]:
    before, after = change.before, change.after
    if change.change == "changed" and isinstance(before, str) and isinstance(after, str) and "\n" in before + after:
        yield Line("~", f"{printable(change.path)}:", 1)
        yield from _text(before, after)
    else:
        line = field_line(change)
        yield Line(line.mark, line.text, 1)


def field_line(change: FieldChange, prefix: str = "") -> Line:
    """One changed field in one line."""
    says = {
        "added": value(change.after),
        "removed": value(change.before),
        "changed": f"{value(change.before)} → {value(change.after)}",
        "reordered": "the same items in another order",
    }[change.change]
    return Line(MARKS[change.change], f"{prefix}{printable(change.path)}: {says}")


def _text(before: str, after: str) -> Iterator[Line]:
    found = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[2:]
    for line in found[:TEXT_MAX]:
        mark = line[0] if line[0] in "+-" else " "
        yield Line(mark, _cut(printable(line[1:])) if line[0] != "@" else "…", 2)
    if len(found) > TEXT_MAX:
        yield Line(" ", f"… {len(found) - TEXT_MAX} more lines of this text", 2)


def _installs(money: Money) -> Iterator[Line]:
    """What the platform begins, goes on or ceases to run for the tenant, where that takes or costs something else."""
    before, after = (cost.installs if cost else {} for cost in (money.before, money.after))
    for key in {**before, **after}:
        old, new = before.get(key, ()), after.get(key, ())
        if old != new:
            mark = "~" if old and new else "+" if new else "-"
            yield Line(mark, f"{key} itself: {taken(new or old)}")


def taken(lines: Sequence[CostLine]) -> str:
    """What an install takes and costs, as in `0.724 cpu, 2.814 GiB of memory, 40 GiB of storage, $28.86 a month`."""
    total = sum((line.monthly_usd for line in lines), Decimal(0))
    return ", ".join([*(line.amount for line in lines), f"{dollars(total)} a month"])


def _money(money: Money) -> Iterator[Line]:
    yield from _installs(money)
    before, after = (cost.guaranteed_usd if cost else None for cost in (money.before, money.after))
    if before != after:
        yield Line("~", f"a month: {dollars(before)} → {dollars(after)} ({signed(delta(money))})")
    ceilings = [cost.ceiling_usd if cost else None for cost in (money.before, money.after)]
    if ceilings[0] != ceilings[1] and ceilings != [before, after]:
        yield Line("~", f"a month with every borrowed GPU: {dollars(ceilings[0])} → {dollars(ceilings[1])}")
    budgets = [cost.budget_usd if cost else None for cost in (money.before, money.after)]
    if None not in budgets and budgets[0] != budgets[1]:
        yield Line("~", f"budget a month: {dollars(budgets[0])} → {dollars(budgets[1])}")
    if money.after and money.after.over_budget:
        yield Line("!", f"The guaranteed quota can cost more than the budget of {dollars(money.after.budget_usd)}.")
