"""`tenantry list`."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.calling import Call


def test_a_line_a_tenant_with_what_it_may_hold_and_cost(call: Call, project: Path) -> None:
    said = call("list")
    assert said.code == 0
    headings, *lines = said.out.splitlines()
    assert headings.split()[:3] == ["TENANT", "ENVIRONMENT", "TIER"]
    assert [line.split()[0] for line in lines] == ["forecasting", "nlp", "vision"]
    assert "4 a10g, 2 h100, borrows" in lines[2]
    assert lines[2].endswith("13,388.48")


def test_json_keeps_every_digit_of_money(call: Call, project: Path) -> None:
    found = {one["id"]: one for one in call("list", "--output", "json").json}
    assert set(found) == {"forecasting", "nlp", "vision"}
    assert found["vision"] == {
        "id": "vision",
        "environment": "sandbox",
        "tier": "standard",
        "lifecycle": "active",
        "owner": {
            "team": "Computer Vision",
            "email": "ml-vision@example.com",
            "on_call": "vision-primary",
            "cost_center": "CC-1042",
        },
        "quota": {
            "cpu": 64,
            "memory": "256Gi",
            "storage": "1Ti",
            "pods": 200,
            "gpus": {"a10g": 4, "h100": 2},
            "borrow": True,
        },
        "monthly_usd": "13388.48",
        "source": "tenants/vision/tenant.yaml",
    }


def test_an_environment_lists_its_own_tenants_only(call: Call, project: Path, prod: str) -> None:
    file = project / "tenants/nlp/tenant.yaml"
    file.write_text(file.read_text().replace("environments: [sandbox]", "environments: [sandbox, prod]"))
    assert len(call("list").out.splitlines()) == 5
    assert [one["id"] for one in call("list", "--env", prod, "--output", "json").json] == ["nlp"]
    assert call("list", "--env", "staging").code == 2
