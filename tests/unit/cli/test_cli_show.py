"""`tenantry show`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.tenant import PROVISIONED
from tenantry.cli.provisioned import waiting_blocks
from tenantry.cli.show import in_words
from tenantry.tenant_spec import TenantSpec
from tests.unit.cli.calling import Call
from tests.unit.sign_on.test_sign_on_spec import BLOCK


def rows(text: str) -> dict[str, list[str]]:
    """The table's lines by their key, in words."""
    return {words[0]: words[1:] for line in text.splitlines() if (words := line.split())}


def test_every_value_says_where_it_comes_from(call: Call, project: Path) -> None:
    found = rows(call("show", "nlp").out)
    assert found["email"] == ["nlp@example.com", "tenants/nlp/tenant.yaml:6"]
    assert found["cpu"] != []
    text = call("show", "nlp").out
    line = next(line for line in text.splitlines() if line.startswith("  memory"))
    assert re.fullmatch(r"  memory +64Gi +infra/environments/sandbox.yaml:[0-9]+ \(tier\)", line)
    assert found["lifecycle"] == ["active", "default"]


def test_the_line_is_the_line(call: Call, project: Path) -> None:
    [shown] = call("show", "vision", "--output", "json").json
    origin = shown["origins"]["quota.gpus.h100"]
    line = (project / origin["path"]).read_text().splitlines()[origin["line"] - 1]
    assert line[origin["column"] - 1 :].startswith("2}")


def test_an_override_is_said_to_be_one(call: Call, project: Path, prod: str) -> None:
    file = project / "tenants/nlp/tenant.yaml"
    text = file.read_text().replace("environments: [sandbox]", "environments: [sandbox, prod]")
    file.write_text(f"{text}overrides: {{prod: {{quota: {{cpu: 8}}}}}}\n")
    both = call("show", "nlp", "--output", "json").json
    assert [(one["environment"], one["spec"]["quota"]["cpu"]) for one in both] == [("prod", 8), ("sandbox", 16)]
    assert both[0]["origins"]["quota.cpu"]["layer"] == "override"
    text = call("show", "nlp", "--env", prod).out
    assert "nlp in prod" in text
    assert "(override)" in text
    assert "nlp in sandbox" not in text


def test_models_are_shown_with_their_gates(call: Call, project: Path, models: Path) -> None:
    words = rows(call("show", "vision").out)["defect-detector"]
    assert words == ["mlflow", "12", "13", "(canary", "10%)", "passed", "tenants/vision/models/defect-detector.yaml"]
    assert rows(call("show", "forecasting").out)["demand-forecast"][:4] == ["sklearn", "2026.11.1", "none", "passed"]
    assert "MODEL" not in call("show", "nlp").out
    [shown] = call("show", "vision", "--output", "json").json
    [model] = shown["models"]
    assert (model["id"], model["gate"]) == ("defect-detector", "passed")
    assert model["spec"]["candidate"]["evidence"]["auc"] == 0.931


def test_json_is_the_whole_spec(call: Call, project: Path) -> None:
    [shown] = call("show", "vision", "--output", "json").json
    parts = {"id", "environment", "stack", "source", "spec", "origins", "models", "not_provisioned", "installs", "cost"}
    assert set(shown) == parts
    assert set(shown["spec"]) == set(TenantSpec.model_fields)
    assert shown["stack"] == "vision.sandbox"
    assert shown["cost"]["guaranteed_usd"] == "13388.48"
    assert [line["what"] for line in shown["cost"]["lines"]][:3] == ["cpu", "memory", "storage"]


def test_blocks_without_a_component_are_marked(call: Call, project: Path) -> None:
    text = call("show", "vision").out
    waiting = waiting_blocks(TenantSpec.model_fields)
    assert [line.split()[0] for line in text.splitlines() if "not provisioned yet" in line] == waiting
    assert call("show", "vision", "--output", "json").json[0]["not_provisioned"] == waiting


def test_a_block_that_nobody_wants_waits_for_nothing(call: Call, project: Path) -> None:
    line = next(line for line in call("show", "nlp").out.splitlines() if line.startswith("serving"))
    assert line.split()[1] == "false"
    assert "not provisioned" not in line


def test_what_waits_is_what_the_table_of_contents_lacks() -> None:
    assert set(TenantSpec.model_fields) - set(waiting_blocks(TenantSpec.model_fields)) == PROVISIONED


def test_a_mistake_of_another_team_is_in_nobodys_way(call: Call, project: Path) -> None:
    (project / "tenants/vision/tenant.yaml").write_text("id: [")
    assert call("show", "nlp").code == 0
    assert call("show", "vision").code == 1


def test_an_unknown_tenant_is_a_misuse(call: Call, project: Path) -> None:
    said = call("show", "visoin")
    assert said.code == 2
    assert '"vision"' in said.err


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "none"),
        ({}, "none"),
        (True, "true"),
        ([0.5, 1.0], "0.5, 1.0"),
        ([{"name": "a", "ports": [1, 2]}, {"name": "b", "ports": []}], "name a, ports 1, 2\nname b, ports none"),
    ],
)
def test_values_are_said_in_words(value: object, words: str) -> None:
    assert in_words(value) == words


def test_installs_say_their_release_where_they_are_and_what_they_cost(call: Call, project: Path) -> None:
    found = next(line for line in call("show", "vision").out.splitlines() if line.startswith("Kubeflow Pipelines"))
    taken = "0.724 cpu, 2.814 GiB of memory, 40 GiB of storage"
    assert re.split("  +", found) == ["Kubeflow Pipelines", "2.17.0", "tenantry open pipelines vision", taken, "$28.86"]
    [shown] = call("show", "vision", "--output", "json").json
    assert shown["installs"][0] == {
        "key": "pipelines",
        "product": "Kubeflow Pipelines",
        "version": "2.17.0",
        "url": None,
        "monthly_usd": "28.86",
    }


def test_behind_single_sign_on_an_install_has_a_url(call: Call, project: Path) -> None:
    file = project / "infra/environments/sandbox.yaml"
    file.write_text(f"{file.read_text()}\n{BLOCK}")
    [shown] = call("show", "vision", "--output", "json").json
    assert shown["installs"][0]["url"] == "https://pipelines.vision.ml.sandbox.test/"
    assert "https://pipelines.vision.ml.sandbox.test/" in call("show", "vision").out


def test_who_has_no_install_sees_none(call: Call, project: Path) -> None:
    assert "INSTALL" not in call("show", "nlp").out
    assert call("show", "nlp", "--output", "json").json[0]["installs"] == []
