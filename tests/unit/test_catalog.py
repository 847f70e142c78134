"""The catalog: the examples, one tenant alone, and where each value comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry import yaml_source
from tenantry.catalog import environments_of, load_catalog, load_environment, load_tenant
from tenantry.errors import InputError
from tests.unit.projects import TENANT, add, project

ROOT = Path(__file__).resolve().parents[2]


def test_the_examples_are_valid() -> None:
    catalog = load_catalog(ROOT)
    assert catalog.stacks() == ("forecasting.sandbox", "nlp.sandbox", "vision.sandbox")
    assert {name: entry.source for name, entry in catalog.tenants.items()} == {
        "forecasting": "tenants/forecasting/tenant.yaml",
        "nlp": "tenants/nlp/tenant.yaml",
        "vision": "tenants/vision/tenant.yaml",
    }


@pytest.mark.parametrize("tenant", ["forecasting", "nlp", "vision"])
def test_a_tenant_alone_is_the_same_as_among_all(tenant: str) -> None:
    alone, among = load_tenant(ROOT, tenant, "sandbox"), load_catalog(ROOT).effective(tenant, "sandbox")
    assert (alone.spec, alone.environment, alone.source) == (among.spec, among.environment, among.source)
    assert {k: str(v) for k, v in alone.origins.items()} == {k: str(v) for k, v in among.origins.items()}


def test_a_tenant_alone_reads_two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(project(tmp_path))
    add(tmp_path, "not: [yaml", "broken")
    read: list[str] = []
    real = yaml_source.parse

    def noted(text: str, path: str) -> yaml_source.Document:
        read.append(path)
        return real(text, path)

    monkeypatch.setattr(yaml_source, "parse", noted)
    load_tenant(tmp_path, "vision", "lab")
    assert read == ["infra/environments/lab.yaml", "tenants/vision/tenant.yaml"]


def test_origins(tmp_path: Path) -> None:
    text = f"{TENANT}environments: [lab, prod]\ntier: standard\nquota:\n  gpus: {{h100: 1}}\n"
    add(project(tmp_path), f"{text}overrides:\n  prod:\n    quota: {{cpu: 40, gpus: {{h100: 2}}}}\n")
    origins = load_catalog(tmp_path).effective("vision", "prod").origins
    assert {key: str(origins[key]) for key in ("id", "lifecycle", "access.viewers", "serving.max_replicas")} == {
        "id": "tenants/vision/tenant.yaml:1",
        "lifecycle": "default",
        "access.viewers": "default",
        "serving.max_replicas": "infra/environments/prod.yaml:30 (tier)",
    }
    assert {key: origins[key].layer for key in origins if key.startswith("quota")} == {
        "quota.cpu": "override",
        "quota.memory": "tier",
        "quota.storage": "tier",
        "quota.pods": "tier",
        "quota.gpus.a10g": "tier",
        "quota.gpus.h100": "override",
        "quota.borrow": "tier",
    }
    assert (origins["quota.gpus.h100"].line, origins["quota.gpus.h100"].column) == (10, 35)


def test_an_origin_for_every_value(tmp_path: Path) -> None:
    add(project(tmp_path))
    tenant = load_tenant(tmp_path, "vision", "lab")

    def leaves(value: object, key: str) -> set[str]:
        if isinstance(value, dict) and value:
            return {leaf for name, inner in value.items() for leaf in leaves(inner, f"{key}.{name}")}
        return {key.removeprefix(".")}

    assert set(tenant.origins) == leaves(tenant.spec.model_dump(), "")


def test_a_tier_that_nobody_wrote_comes_from_the_environment(tmp_path: Path) -> None:
    add(project(tmp_path))
    assert str(load_tenant(tmp_path, "vision", "lab").origins["tier"]) == "infra/environments/lab.yaml:4 (tier)"


def test_where_a_tenant_does_not_live(tmp_path: Path) -> None:
    add(project(tmp_path))
    wrong = (
        r"tenants/vision/tenant\.yaml:1:1: environments: vision does not live in prod\. Add prod to its environments\."
    )
    with pytest.raises(InputError, match=wrong):
        load_tenant(tmp_path, "vision", "prod")
    with pytest.raises(InputError, match=wrong):
        load_catalog(tmp_path).effective("vision", "prod")


def test_environments_of_one_tenant(tmp_path: Path) -> None:
    add(project(tmp_path))
    add(tmp_path, TENANT.replace("vision", "speech") + "environments: [prod, lab]\ntier: small\n", "speech")
    assert environments_of(tmp_path, "vision") == ("lab",)
    assert environments_of(tmp_path, "speech") == ("lab", "prod")


def test_an_environment_alone(tmp_path: Path) -> None:
    assert load_environment(project(tmp_path), "prod").cluster.kind == "existing"
    with pytest.raises(InputError, match=r"infra/environments/nowhere\.yaml:1:1: is missing"):
        load_environment(tmp_path, "nowhere")


def test_a_broken_environment_hides_no_problem_of_a_tenant(tmp_path: Path) -> None:
    add(project(tmp_path), f"{TENANT}environments: [lab, prod, nowhere]\ntier: standard\nquota: {{cpu: 4000}}\n")
    (tmp_path / "infra/environments/lab.yaml").write_text("id: lab\nid: lab\n")
    with pytest.raises(InputError) as caught:
        load_catalog(tmp_path)
    assert [(problem.path, problem.key) for problem in caught.value.problems] == [
        ("infra/environments/lab.yaml", "id"),
        ("tenants/vision/tenant.yaml", "environments[2]"),
        ("tenants/vision/tenant.yaml", "quota.cpu"),
    ]


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    names = ["nlp", "vision", "speech"]
    for folder, order in (("one", names), ("other", names[::-1])):
        (tmp_path / folder).mkdir()
        root = project(tmp_path / folder)
        for name in order:
            add(root, TENANT.replace("vision", name), name)
    one, other = (load_catalog(tmp_path / folder) for folder in ("one", "other"))
    assert one.stacks() == other.stacks()
    assert list(one.tenants) == list(other.tenants) == sorted(names)
