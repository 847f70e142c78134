from __future__ import annotations

import json
from typing import Any

from tenantry.diff.model import FieldChange
from tenantry.engine.events import LATER, SECRET_SIGN, UNKNOWN, Events
from tests.unit.engine_double import event, resource, steps, urn

STACK = "vision.sandbox"
QUOTA = resource(STACK, "ResourceQuota", "quota", spec={"hard": {"pods": "10"}})


def read(*events: dict[str, Any]) -> Events:
    seen = Events()
    for one in events:
        seen.feed(json.dumps(one))
    return seen


def test_an_update_shows_the_fields_that_differ() -> None:
    raised = resource(STACK, "ResourceQuota", "quota", spec={"hard": {"pods": "20"}})
    seen = read(*steps("update", raised, QUOTA))
    [change] = seen.changes
    assert (change.title, change.operation) == ("ResourceQuota vision/quota", "update")
    assert change.fields == (FieldChange("spec.hard.pods", "changed", "10", "20"),)
    assert seen.counts == {"create": 0, "update": 1, "replace": 0, "delete": 0, "same": 0}


def test_three_steps_are_one_replacement() -> None:
    moved = resource(STACK, "ResourceQuota", "quota", spec={"scopes": ["BestEffort"]})
    seen = read(
        *steps("create-replacement", moved, QUOTA), *steps("replace", moved, QUOTA), *steps("delete-replaced", QUOTA)
    )
    assert [change.operation for change in seen.changes] == ["replace"]
    assert {field.path for field in seen.changes[0].fields} == {"spec.hard", "spec.scopes"}
    assert seen.counts["replace"] == seen.finished == 1


def test_what_began_and_did_not_end_is_no_change() -> None:
    assert read(event("resourcePreEvent", "create", QUOTA)).changes == ()


def test_a_component_that_changes_is_not_taken_for_the_same_by_its_outputs() -> None:
    seen = read(*steps("update", QUOTA, QUOTA), event("resOutputsEvent", "same", QUOTA, QUOTA))
    assert seen.counts["update"] == 1


def test_only_what_the_program_declares_counts() -> None:
    stack = {"urn": urn(STACK, "pulumi:pulumi:Stack", "x"), "type": "pulumi:pulumi:Stack"}
    made_up = {"urn": urn(STACK, "pulumi:providers:pulumi", "default"), "type": "pulumi:providers:pulumi"}
    seen = read(*steps("create", stack), *steps("create", made_up), *steps("read", QUOTA))
    assert seen.finished == 0


def test_secrets_and_values_to_come_are_words() -> None:
    old = resource(STACK, "Secret", "token", data={SECRET_SIGN: "1b", "ciphertext": "[secret]"}, at="1")
    new = resource(STACK, "Secret", "token", data={"plain": "no"}, at=UNKNOWN[0])
    [change] = read(*steps("update", new, old)).changes
    assert change.fields == (
        FieldChange("at", "changed", "1", LATER),
        FieldChange("data", "changed", "[secret]", {"plain": "no"}),
    )


def test_errors_name_the_resource_once_and_without_colours() -> None:
    bad = {"severity": "error", "message": "<{%reset%}>quota \x1b[31mrefused\n", "urn": QUOTA["urn"]}
    noise = {"severity": "info#err", "message": "Traceback", "urn": ""}
    program = {"severity": "error", "message": "no file", "urn": urn(STACK, "pulumi:pulumi:Stack", "x")}
    seen = read(
        event("resourcePreEvent", "create", QUOTA), *({"diagnosticEvent": one} for one in (bad, bad, noise, program))
    )
    assert seen.errors == ("ResourceQuota vision/quota: quota refused", "no file")


def test_lines_that_are_no_events_are_passed_over() -> None:
    seen = Events()
    for line in ("warning: using a plugin from PATH", "[]", "{}", "", '{"cancelEvent":{}}'):
        assert seen.feed(line) is None
    assert seen.counts == {"create": 0, "update": 0, "replace": 0, "delete": 0, "same": 0}
