"""Edits change what they are for, and not one byte more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings

from tenantry.errors import InputError
from tenantry.model_edit.edits import (
    promoted,
    stable_lines,
    with_candidate,
    with_override,
    with_stable,
    with_traffic,
    without_candidate,
)
from tenantry.model_edit.entries import entries
from tenantry.yaml_source import parse
from tests.unit.model_edit.model_texts import model_texts

PATH = "tenants/vision/models/defect-detector.yaml"
NEW = 'candidate:\n  version: "14"\n  rollout: {strategy: canary, traffic: 10}\n'

TEXT = """\
# yaml-language-server: $schema=../../model.schema.json
id: defect-detector   # for good
stable:  # since May
  version: "12"
  uri: s3://artifacts/d/12
  # trained twice

# The next one.
candidate: {version: "13",  # more images
  rollout: {strategy: canary, traffic: 10},  # slowly
  uri: s3://artifacts/d/13}
gate: {auc: {min: 0.9}}
"""


def data(text: str) -> Mapping[str, Any]:
    return parse(text.replace("\r\n", "\n"), PATH).data


def test_a_candidate_stands_below_stable_and_takes_no_comment_of_its_neighbours() -> None:
    none = without_candidate(TEXT, PATH)
    assert none == TEXT[: TEXT.index("# The next")] + TEXT[TEXT.index("gate:") :]
    assert with_candidate(none, PATH, NEW) == none.replace("  # trained twice\n", f"  # trained twice\n{NEW}")


def test_a_promoted_candidate_keeps_its_own_comments_and_loses_its_rollout() -> None:
    head, rest = TEXT[: TEXT.index("stable:")], "\ngate: {auc: {min: 0.9}}\n"
    new = '# The next one.\nstable: {version: "13",  # more images\n  uri: s3://artifacts/d/13}\n'
    assert promoted(TEXT, PATH) == head + new + rest
    assert with_stable(promoted(TEXT, PATH), PATH, stable_lines(TEXT, PATH)) == without_candidate(TEXT, PATH)


def test_a_comment_above_stable_stays_until_the_candidate_brings_one() -> None:
    text = "id: a\n# Serves.\nstable: {version: b}\ncandidate:\n  version: c\n  # Slowly.\n  rollout: {traffic: 1}\n"
    assert promoted(text, PATH) == "id: a\n# Serves.\nstable:\n  version: c\n"
    brought = text.replace("candidate:", "# Tries.\ncandidate:")
    assert promoted(brought, PATH) == "id: a\n# Tries.\nstable:\n  version: c\n"


def test_what_a_file_says_of_itself_belongs_to_no_version() -> None:
    text = "# $schema=x\nstable: {version: b}\n# Tries.\ncandidate: {version: c}\n"
    assert promoted(text, PATH) == "# $schema=x\nstable: {version: c}\n"
    first = "# $schema=x\ncandidate: {version: c}\nstable: {version: b}\n"
    assert without_candidate(first, PATH) == "# $schema=x\nstable: {version: b}\n"


def test_a_blank_line_before_the_rollout_goes_with_it() -> None:
    blank = "stable: {version: a}\ncandidate:\n  version: b\n\n  rollout: {traffic: 1}\nid: c\n"
    assert promoted(blank, PATH) == "stable:\n  version: b\nid: c\n"


def test_a_last_line_without_an_end_has_none_afterwards_unless_it_needs_one() -> None:
    end, notes = "stable: {version: a}\nid: c", "\nnotes: |\n  Some."
    assert without_candidate(with_candidate(f"id: c\n{end[:20]}", PATH, NEW), PATH) == f"id: c\n{end[:20]}"
    assert with_candidate(end + notes, PATH, NEW) == f"stable: {{version: a}}\n{NEW}id: c{notes}"
    assert without_candidate(f"{end}{notes}\ncandidate: {{version: b}}", PATH) == f"{end}{notes}\n"
    assert without_candidate(f"{end}\ncandidate: {{version: b}}", PATH) == end


def test_traffic_is_one_number() -> None:
    assert with_traffic(TEXT, PATH, 25) == TEXT.replace("traffic: 10", "traffic: 25")


def test_an_override_is_written_last_and_a_second_one_takes_its_place() -> None:
    once = with_override(TEXT, PATH, "{reason: A}")
    assert once == TEXT.replace("d/13}", "d/13, override: {reason: A}}")
    assert with_override(once, PATH, "{reason: B}") == once.replace("A}", "B}")
    lines = TEXT.replace("{version", "\n  version").replace("d/13}", "d/13").replace(",  #", "  #")
    assert with_override(lines, PATH, "{reason: A}") == lines.replace("d/13\n", "d/13\n  override: {reason: A}\n")


def test_a_candidate_is_never_replaced_by_the_way() -> None:
    with pytest.raises(InputError, match=r"defect-detector.yaml:9:1: candidate: has a candidate already"):
        with_candidate(TEXT, PATH, NEW)


@pytest.mark.parametrize("change", [without_candidate, promoted])
def test_without_a_candidate_there_is_nothing_to_do(change: Any) -> None:
    with pytest.raises(InputError, match=r"candidate: is missing"):
        change(without_candidate(TEXT, PATH), PATH)


@pytest.mark.parametrize("text", ["{id: a, stable: {version: b}}\n", "  id: a\n  stable: {version: b}\n"])
def test_a_file_without_lines_to_edit_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="does not write each key at the start of a line"):
        with_candidate(text, PATH, NEW)


def test_the_strict_reader_judges_first() -> None:
    with pytest.raises(InputError, match="is written twice"):
        without_candidate(f"{TEXT}id: b\n", PATH)


@settings(deadline=None, max_examples=60)
@given(model_texts(candidate=False))
def test_adding_and_aborting_gives_back_the_same_text(text: str) -> None:
    added = with_candidate(text, PATH, NEW)
    assert data(added) == {**data(text), **parse(NEW, PATH).data}
    assert without_candidate(added, PATH) == text


@settings(deadline=None, max_examples=60)
@given(model_texts(candidate=True))
def test_promoting_and_going_back_is_aborting(text: str) -> None:
    new = promoted(text, PATH)
    before = data(text)
    candidate = {key: value for key, value in before["candidate"].items() if key != "rollout"}
    others = {key: value for key, value in before.items() if key != "candidate"}
    assert data(new) == {**others, "stable": candidate}
    assert with_stable(new, PATH, stable_lines(text, PATH)) == without_candidate(text, PATH)
    assert data(without_candidate(text, PATH)) == others


@settings(deadline=None, max_examples=60)
@given(model_texts(candidate=True))
def test_a_step_and_an_override_change_their_key_alone(text: str) -> None:
    before = data(text)["candidate"]
    stepped = data(with_traffic(text, PATH, 50))
    assert stepped == {**data(text), "candidate": {**before, "rollout": {**before["rollout"], "traffic": 50}}}
    overridden = data(with_override(text, PATH, "{reason: Because}"))
    assert overridden == {**data(text), "candidate": {**before, "override": {"reason": "Because"}}}


@settings(deadline=None, max_examples=60)
@given(model_texts(candidate=True))
def test_comments_outside_of_the_two_versions_stay(text: str) -> None:
    whole = text if text.endswith("\n") else f"{text}\n"
    found = entries(whole, PATH)
    versions = sorted((found["stable"], found["candidate"]), key=lambda entry: entry.line)
    kept = whole[: versions[0].lead] + whole[versions[0].stop : versions[1].lead] + whole[versions[1].stop :]
    comments = [line for line in kept.splitlines() if line.lstrip().startswith("#")]
    after = promoted(text, PATH).splitlines()
    assert [line for line in comments if comments.count(line) > after.count(line)] == []
