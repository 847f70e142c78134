"""`tenantry access` without a cluster, and what verify and access refuse."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.calling import Call


def test_offline_it_says_what_the_files_grant(call: Call, project: Path) -> None:
    said = call("access", "--offline", "--group", "ml-all", "--output", "json")
    assert said.code == 0
    assert [(one["where"], one["role"], one["agreement"]) for one in said.json["grants"]] == [
        ("forecasting", "Role/viewer", "not asked"),
        ("vision", "Role/viewer", "not asked"),
    ]
    verbs = {one["verb"] for one in said.json["grants"][0]["permissions"]}
    assert verbs == {"get", "list", "watch"}


def test_of_one_tenant_only_what_concerns_it(call: Call, project: Path) -> None:
    said = call("access", "--offline", "--tenant", "nlp")
    assert said.code == 0
    rows = [line.split()[:3] for line in said.out.splitlines()]
    assert rows == [
        ["WHERE", "WHO", "ROLE"],
        ["nlp", "Group/ml-nlp", "Role/admin"],
        ["nlp", "Group/ml-nlp", "Role/developer"],
        ["nlp", "Group/ml-nlp", "Role/viewer"],
        ["nlp", "Group/ml-nlp-contractors", "Role/developer"],
        ["nlp", "Group/ml-nlp-contractors", "Role/viewer"],
    ]


def test_a_tenant_that_is_not_there_is_the_user_s_mistake(call: Call, project: Path) -> None:
    for verb in (("access", "--offline", "--tenant", "visoin"), ("verify", "visoin")):
        said = call(*verb)
        assert said.code == 1
        assert 'there is no tenant "visoin". Known: forecasting, nlp, vision.' in said.err


def test_without_a_cluster_verify_says_how_to_get_one(call: Call, project: Path) -> None:
    said = call("verify")
    assert said.code == 3
    assert "tenantry sandbox up" in said.err


def test_pods_are_started_only_by_those_who_agree_to_writes(call: Call, project: Path) -> None:
    said = call("verify", "--network")
    assert said.code == 2
    assert "--full" in said.err
