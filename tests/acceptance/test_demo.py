"""`make demo`, as a newcomer runs it, and once more; then the verbs that only look."""

from __future__ import annotations

import json
from pathlib import Path

from tests.acceptance.checkout import run

STACKS = ("platform.sandbox", "forecasting.sandbox", "nlp.sandbox", "vision.sandbox")
BLOCKED = "echo 'apiVersion: v1' > tenants/nlp/stray.yaml"


def test_three_teams_arrive_and_the_second_time_nothing_changes(checkout: Path) -> None:
    first = run(checkout, "tenantry demo; echo left with $?")
    assert first[-1] == "left with 0", "\n".join(first)
    assert "3 tenants with 2 models in 1 environment: everything is valid." in first
    assert any(line.startswith("Blast radius: 1 of 1 stacks") for line in first)
    assert sum("created" in line for line in first) == len(STACKS)
    assert sum(line.startswith("  ") and "tenantry" in line for line in first[-8:]) >= 4

    second = run(checkout, "tenantry demo; echo left with $?")
    assert second[-1] == "left with 0", "\n".join(second)
    for stack in STACKS:
        assert any(line.startswith(f"{stack}: nothing to do") for line in second), "\n".join(second)

    status = json.loads("\n".join(run(checkout, "tenantry status --output json 2>/dev/null")))
    assert "vision" in json.dumps(status)
    preview = run(checkout, "tenantry preview; echo left with $?")
    assert preview[-1] == "left with 0"
    assert sum("nothing to do" in line for line in preview) == len(STACKS)
    # A stray file is refused before any stack is looked at.
    refused = run(checkout, f"{BLOCKED}; tenantry up --yes; echo left with $?")
    assert refused[-1] == "left with 1"
    assert any(line.startswith("tenants/nlp/stray.yaml:1:1:") for line in refused), "\n".join(refused)
    assert run(checkout, "tenantry sandbox status --output json >/dev/null 2>&1; echo $?") == ["0"]
    assert run(checkout, "tenantry doctor >/dev/null 2>&1; echo $?") == ["0"]
