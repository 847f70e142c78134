"""The changes of a model's file: a candidate comes, takes more traffic, becomes stable, or goes; stable goes back.

Each takes the file's text and gives the new one. Whether that is a valid model is the reader's to say (`judged`).
"""

from __future__ import annotations

import re

from tenantry.errors import InputError, Problem
from tenantry.model_edit.entries import Entry, entries
from tenantry.model_edit.splice import put, with_last, with_last_line_ended, without

STABLE, CANDIDATE, ROLLOUT, OVERRIDE = "stable", "candidate", "rollout", "override"


def with_candidate(text: str, path: str, block: str) -> str:
    """A candidate below the stable version.

    Args:
        text: the file.
        path: how problems name it.
        block: the lines of the key `candidate`.

    Raises:
        InputError: the file cannot be read, has no stable version, or has a candidate already.
    """

    def change(whole: str) -> str:
        found = entries(whole, path)
        if old := found.get(CANDIDATE):
            what = "has a candidate already, and nothing replaces it by the way"
            raise _wrong(whole, path, old, what, "Promote it or abort it first: tenantry model promote, abort")
        stop = _needed(found.get(STABLE), path, STABLE).stop
        return put(whole, stop, stop, block)

    return with_last_line_ended(text, change)


def without_candidate(text: str, path: str) -> str:
    """No candidate: all traffic is stable's.

    Raises:
        InputError: the file cannot be read, or has none.
    """

    def change(whole: str) -> str:
        found = entries(whole, path)
        return without(whole, _needed(found.get(CANDIDATE), path, CANDIDATE), found)

    return with_last_line_ended(text, change)


def promoted(text: str, path: str) -> str:
    """The candidate in stable's place, with its comments, less its rollout.

    A comment above stable gives way to one above the candidate, and stays where there is none.

    Raises:
        InputError: the file cannot be read, or lacks one of the two.
    """

    def change(whole: str) -> str:
        found = entries(whole, path)
        stable, block = (_needed(found.get(key), path, key) for key in (STABLE, CANDIDATE))
        commented = block if block.lead < block.line else stable
        lines = whole[commented.lead : commented.line] + _as_stable(whole, block)
        return with_stable(without_candidate(whole, path), path, lines)

    return with_last_line_ended(text, change)


def with_stable(text: str, path: str, lines: str) -> str:
    """Another stable version.

    Args:
        text: the file.
        path: how problems name it.
        lines: the lines of the key `stable`, as `stable_lines` gives them.
    """

    def change(whole: str) -> str:
        found = entries(whole, path)
        old = _needed(found.get(STABLE), path, STABLE)
        # Above the first key stands what the file says of itself, and it stays.
        first = old is next(iter(found.values()))
        return put(whole, old.lead, old.stop, re.sub(r"\A(?: *#[^\n]*\n)+", "", lines) if first else lines)

    return with_last_line_ended(text, change)


def stable_lines(text: str, path: str) -> str:
    """The lines of the key `stable` of a file as they are written there, with the comments right above it.

    Raises:
        InputError: the file cannot be read, or has none.
    """
    whole = text if text.endswith("\n") else f"{text}\n"
    block = _needed(entries(whole, path).get(STABLE), path, STABLE)
    return whole[block.lead : block.stop]


def with_traffic(text: str, path: str, percent: int) -> str:
    """Another share of traffic for the candidate."""

    def change(whole: str) -> str:
        candidate = _needed(entries(whole, path).get(CANDIDATE), path, CANDIDATE)
        rollout = _needed(candidate.entries.get(ROLLOUT), path, ROLLOUT)
        traffic = _needed(rollout.entries.get("traffic"), path, "traffic")
        return put(whole, traffic.value, traffic.end, str(percent))

    return with_last_line_ended(text, change)


def with_override(text: str, path: str, override: str, key: str = CANDIDATE) -> str:
    """Who lets a version serve although its gate does not pass, and why; in place of an older such word.

    Args:
        text: the file.
        path: how problems name it.
        override: the value of the key `override`, on one line.
        key: which of the two versions.
    """

    def change(whole: str) -> str:
        version = _needed(entries(whole, path).get(key), path, key)
        if old := version.entries.get(OVERRIDE):
            return put(whole, old.value, old.end, override)
        return with_last(whole, version, OVERRIDE, override)

    return with_last_line_ended(text, change)


def _as_stable(text: str, candidate: Entry) -> str:
    """The candidate's lines as those of stable."""
    rollout = candidate.entries.get(ROLLOUT)
    shorter = without(text, rollout, candidate.entries) if rollout else text
    stop = candidate.stop - (len(text) - len(shorter))
    lines = shorter[candidate.line : candidate.start] + STABLE + shorter[candidate.after : stop]
    # A blank line that stood before the rollout, and stands at the end now.
    return re.sub(r"\n(?:[ \r]*\n)+\Z", "\n", lines)


def _needed(entry: Entry | None, path: str, key: str) -> Entry:
    if entry is None:
        fixes = {CANDIDATE: "Add one: tenantry model add", STABLE: "Add it: version, uri and evidence"}
        raise InputError([Problem(path, 1, 1, key, "is missing", fixes.get(key, "Add it"))])
    return entry


def _wrong(text: str, path: str, entry: Entry, what: str, fix: str) -> InputError:
    line = text.count("\n", 0, entry.start) + 1
    return InputError([Problem(path, line, entry.start - entry.line + 1, entry.key, what, fix)])
