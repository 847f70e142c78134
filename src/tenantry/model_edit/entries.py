"""Where each key of a YAML text begins and ends, so that a change can leave every other byte as it is.

A dump of what was read, ruamel's included, writes quotes, widths and indentation its own way. A text with one part
taken out or put in keeps all of it: comments, order, spelling and line ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from tenantry.errors import InputError, Problem
from tenantry.yaml_source import parse


@dataclass(frozen=True)
class Entry:
    """One key of a mapping with its value. Places are offsets in the text."""

    key: str
    start: int
    """First character of the key."""
    after: int
    """Behind the last character of the key."""
    value: int
    """First character of the value."""
    end: int
    """Behind the last character of the value."""
    lead: int
    """Start of the comments right above the key, no blank line between. What stands above the first key of a mapping is
    the mapping's own."""
    line: int
    """Start of the line on which the key is."""
    stop: int
    """Behind the line feed of the last line that belongs to it: comments that are indented deeper do."""
    flow: bool
    """Whether the value is written with braces."""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """Keys of the value, in their order, where it is a mapping."""


def entries(text: str, path: str) -> Mapping[str, Entry]:
    """Every key of the file with its place, in the order in which they are written.

    Args:
        text: ends with a line feed.
        path: how problems name it.

    Raises:
        InputError: the strict reader refuses the text, or it is written in a way that has no lines to edit.
    """
    parse(text, path)
    top = yaml.compose(text, Loader=yaml.CSafeLoader)
    if not isinstance(top, yaml.MappingNode) or top.flow_style or top.start_mark.column:
        what, fix = "does not write each key at the start of a line", "Write one key a line, without braces around all"
        raise InputError([Problem(path, 1, 1, "", what, fix)])
    return _entries(text, top)


def _entries(text: str, mapping: yaml.MappingNode) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    above = None
    for key, value in mapping.value:
        above = found[key.value] = _entry(text, key, value, above)
    return found


def _entry(text: str, key: yaml.ScalarNode, value: yaml.Node, above: Entry | None) -> Entry:
    line = text.rfind("\n", 0, key.start_mark.index) + 1
    end = _end(text, value)
    return Entry(
        key.value,
        start=key.start_mark.index,
        after=key.end_mark.index,
        value=value.start_mark.index,
        end=end,
        lead=_lead(text, line, above.stop) if above else line,
        line=line,
        stop=_stop(text, end, key.start_mark.column),
        flow=isinstance(value, yaml.MappingNode) and bool(value.flow_style),
        entries=_entries(text, value) if isinstance(value, yaml.MappingNode) else {},
    )


def _end(text: str, node: yaml.Node) -> int:
    """Behind the last character of a value. What the parser says of a block includes the lines behind it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        return _end(text, node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return _end(text, node.value[-1])
    return node.start_mark.index + len(text[node.start_mark.index : node.end_mark.index].rstrip())


def _lead(text: str, line: int, since: int) -> int:
    comments = re.search(r"(?:^[ ]*#[^\n]*\n)*\Z", text[since:line], re.MULTILINE)
    return line - len(comments[0]) if comments else line


def _stop(text: str, end: int, column: int) -> int:
    rest_of_line = text.find("\n", end) + 1
    deeper = re.compile(rf"(?:[ \r]*\n)*[ ]{{{column + 1},}}#[^\n]*\n")
    stop = rest_of_line
    while found := deeper.match(text, stop):
        stop = found.end()
    return stop
