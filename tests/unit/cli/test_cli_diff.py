"""`tenantry diff`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.unit.cli.calling import Call


@pytest.fixture
def committed(project: Path) -> Path:
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "As it was"]):
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=project, check=True)
    return project


@pytest.fixture
def edited(committed: Path) -> Path:
    file = committed / "tenants/nlp/tenant.yaml"
    file.write_text(f"{file.read_text()}quota: {{cpu: 24}}\n")
    return committed


def test_nothing_differs(call: Call, committed: Path) -> None:
    said = call("diff", "--exit-code")
    assert said.code == 0
    assert "No rendered resource differs" in said.out


def test_an_edit_shows_the_field_and_the_money(call: Call, edited: Path) -> None:
    said = call("diff")
    assert said.code == 0
    assert "nlp.sandbox" in said.out
    assert '~ spec.hard["requests.cpu"]: 16 → 24' in said.out
    assert "a month: $588.32 → " in said.out


def test_exit_code_tells_a_script(call: Call, edited: Path) -> None:
    assert call("diff", "--exit-code").code == 1


def test_json_and_markdown(call: Call, edited: Path) -> None:
    document = call("diff", "--output", "json").json
    assert [stack["stack"] for stack in document["stacks"]] == ["nlp.sandbox"]
    assert "nlp.sandbox" in call("diff", "--output", "markdown").out


def test_an_invalid_edit_is_an_input_error(call: Call, edited: Path) -> None:
    (edited / "tenants/nlp/tenant.yaml").write_text("id: nlp\nquotas: {}\n")
    said = call("diff")
    assert said.code == 1
    assert "tenants/nlp/tenant.yaml:2:1" in said.err


def test_an_unknown_revision_leaves_with_3(call: Call, edited: Path) -> None:
    said = call("diff", "no-such-branch")
    assert said.code == 3
    assert "no-such-branch" in said.err
