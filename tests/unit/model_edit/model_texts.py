"""Models' files as people might write them: any order, braces or lines, comments, blanks and line ends anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

Item = tuple[str, Any]

COMMENTS = st.sampled_from(["# why", "#", "## stable: {version: 1}", "# é, {not} a: key", "#candidate:"])
SCALARS = st.sampled_from(['"12"', "'13 # no comment'", "plain", "0.93", "s3://artifacts/a/12", "a b", '"é{[,"', "-7"])
BLANKS = st.integers(0, 2)


@st.composite
def line_comments(draw: st.DrawFn, indent: int) -> str:
    """Blank lines and comments on lines of their own, indented as what follows, or deeper."""
    lines = draw(st.lists(st.none() | COMMENTS, max_size=2))
    deeper = draw(st.sampled_from([0, 0, 2, 5]))
    return "".join("\n" if line is None else f"{' ' * (indent + deeper)}{line}\n" for line in lines)


@st.composite
def behind(draw: st.DrawFn) -> str:
    """What may stand behind a value on its line."""
    comment = draw(st.none() | COMMENTS)
    return " " * draw(BLANKS) if comment is None else f"{' ' * (1 + draw(BLANKS))}{comment}"


@st.composite
def block_scalars(draw: st.DrawFn, indent: int) -> str:
    """Text over lines, with what looks like a comment in it. Its last line means the same with and without its end."""
    inside = " " * (indent + 2)
    return f"{draw(st.sampled_from(['|-', '>-']))}\n{inside}some words\n{inside}# of text\n\n{inside}and more"


@st.composite
def in_braces(draw: st.DrawFn, items: Sequence[Item], indent: int) -> str:
    """A mapping between braces: on one line, or a key a line."""
    lines = draw(st.booleans())
    start = f"\n{' ' * (indent + 2)}" if lines else " " * draw(BLANKS)
    words = [f"{key}:{' ' * (1 + draw(BLANKS))}{draw(values(value, indent + 2, block=False))}" for key, value in items]
    text = ""
    for number, word in enumerate(words, 1):
        comma = "," if number < len(words) or (words and draw(st.booleans())) else ""
        text += f"{start}{word}{' ' * draw(BLANKS)}{comma}{draw(behind()) if lines else ''}"
        start = start if lines else " "
    return "{" + text + (f"\n{' ' * (indent + 1)}" if lines else "") + "}"


@st.composite
def in_lines(draw: st.DrawFn, items: Sequence[Item], indent: int) -> str:
    """A mapping of a key a line, without the line feed of its last line."""
    text = ""
    for key, value in items:
        text += draw(line_comments(indent))
        text += f"{' ' * indent}{key}:{draw(values(value, indent, block=True))}{draw(behind())}\n"
    return text.removesuffix("\n")


@st.composite
def values(draw: st.DrawFn, value: Any, indent: int, *, block: bool) -> str:
    """A value behind its colon."""
    if isinstance(value, str):
        return f" {value}" if block else value
    if value is None:
        # Anything: the edits do not look at it.
        kinds = [SCALARS, st.just("[a, 'b',  c]"), *([block_scalars(indent)] if block else [])]
        return f"{' ' * block}{draw(st.one_of(kinds))}"
    if block and value and draw(st.booleans()):
        return f"{draw(behind())}\n{draw(in_lines(value, indent + draw(st.sampled_from([1, 2, 4]))))}"
    return f"{' ' * block}{draw(in_braces(value, indent))}"


EVIDENCE = [("auc", "0.91"), ("report", "s3://artifacts/r")]
STABLE = [("version", '"12"'), ("uri", "s3://artifacts/a/12"), ("evidence", EVIDENCE)]
ROLLOUT = [("strategy", "canary"), ("traffic", "10"), ("steps", "[10, 50]")]
CANDIDATE = [("version", '"13"'), ("uri", None), ("evidence", EVIDENCE), ("rollout", ROLLOUT)]
OTHERS = [("id", "defect-detector"), ("runtime", "mlflow"), ("notes", None), ("gate", [("auc", [("min", "0.9")])])]


@st.composite
def model_texts(draw: st.DrawFn, *, candidate: bool) -> str:
    """A file with or without a candidate. A block scalar never ends a line with a comment: it would be text."""
    stable, next_ = draw(st.permutations(STABLE)), draw(st.permutations(CANDIDATE))
    items: list[Item] = [("stable", stable), *OTHERS, *([("candidate", next_)] if candidate else [])]
    start = draw(st.sampled_from(["", "# yaml-language-server: $schema=../../model.schema.json\n", "---\n"]))
    text = start + draw(in_lines(draw(st.permutations(items)), 0)) + "\n" + draw(line_comments(0))
    text = draw(st.sampled_from([text, text.rstrip("\n")]))
    return draw(st.sampled_from([text, text.replace("\n", "\r\n")]))
