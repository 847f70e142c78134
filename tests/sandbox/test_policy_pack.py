"""`pulumi preview --policy-pack policy-pack` on the real engine: the same rules, the same words."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.engine_world import REPOSITORY, VISION, World

BREACH = """
import pulumi_kubernetes as k8s
k8s.rbac.v1.RoleBinding(
    "breach",
    metadata={"name": "breach", "namespace": "vision"},
    role_ref={"api_group": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
    subjects=[{"kind": "Group", "name": "system:authenticated", "api_group": "rbac.authorization.k8s.io"}],
)
"""
"""A program's change that no tenant's file could make."""

ROLE = "RoleBinding vision/breach: binds the ClusterRole cluster-admin"
SUBJECT = "RoleBinding vision/breach: has the subject Group system:authenticated"


def preview(world: World) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *("pulumi", "preview", "--stack", VISION, "--non-interactive", "--color=never"),
            *("--policy-pack", str(REPOSITORY / "policy-pack")),
        ],
        cwd=world.root,
        env=world.workspace.env(),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture
def breach(world: World) -> Iterator[World]:
    main = world.root / "infra/__main__.py"
    before = main.read_text()
    main.write_text(before.replace("await tenant_stack", f"{indented(BREACH)}            await tenant_stack", 1))
    yield world
    main.write_text(before)


def indented(text: str) -> str:
    return text.strip().replace("\n", "\n            ") + "\n"


def test_what_the_program_really_makes_passes(world: World) -> None:
    run = preview(world)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "tenantry" in run.stdout
    assert "[mandatory]" not in run.stdout


def test_a_broken_rule_stops_the_preview_and_says_which(breach: World) -> None:
    run = preview(breach)
    assert run.returncode != 0
    for words in (
        "ten-acc-003",
        ROLE,
        "ten-acc-005",
        SUBJECT,
        "ten-ord-001",
        "ten-own-001",
        "docs/policies.md#ten-acc",
    ):
        assert words in run.stdout


def test_an_exception_lets_its_finding_be(breach: World) -> None:
    file = breach.root / "infra/policy-exceptions.yaml"
    until = datetime.now(UTC).date() + timedelta(days=30)
    file.write_text(
        "exceptions:\n"
        f"  - {{rule: TEN-ACC-003, stack: vision.sandbox, finding: '{ROLE}', owner: platform@example.com,\n"
        f"     reason: 'a test of what an exception does', expires: '{until}'}}\n"
    )
    try:
        said = preview(breach).stdout
    finally:
        file.unlink()
    headings = [line.strip() for line in said.splitlines() if "[advisory]" in line or "[mandatory]" in line]
    assert [line for line in headings if "ten-acc-003" in line and line.startswith("- [advisory]")]
    assert [line for line in headings if "ten-acc-005" in line and line.startswith("- [mandatory]")]
    assert not [line for line in headings if "ten-acc-003" in line and "[mandatory]" in line]
