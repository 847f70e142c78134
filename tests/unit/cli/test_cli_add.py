"""`tenantry add`, with flags."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tenantry.catalog import load_catalog
from tenantry.cli.add import create
from tenantry.cli.failure import UsageError
from tenantry.cli.tenant_draft import SCHEMA_LINE, scalar
from tenantry.yaml_source import parse
from tests.unit.cli.calling import Call

FLAGS = (
    *("--team", "Robotics", "--email", "robotics@example.com", "--on-call", "robotics-primary"),
    *("--cost-center", "CC-4711", "--admin", "ml-robotics", "--admin", "ml-robotics-leads", "--viewer", "ml-all"),
)
FILE = "tenants/robotics/tenant.yaml"


def test_writes_a_file_that_the_catalog_takes(call: Call, project: Path) -> None:
    said = call("add", "robotics", *FLAGS, "--yes")
    assert said.code == 0
    text = (project / FILE).read_bytes().decode()
    assert text.startswith(f"{SCHEMA_LINE}\n")
    assert "\r" not in text
    spec = load_catalog(project).effective("robotics", "sandbox").spec
    assert spec.owner.team == "Robotics"
    assert spec.access.model_dump() == {
        "admins": ("ml-robotics", "ml-robotics-leads"),
        "developers": (),
        "viewers": ("ml-all",),
    }
    assert spec.tier == "small"


def test_the_commented_defaults_are_the_defaults(call: Call, project: Path) -> None:
    call("add", "robotics", *FLAGS, "--tier", "standard", "--yes")
    file = project / FILE
    before = load_catalog(project).effective("robotics", "sandbox").spec
    file.write_text(re.sub(r"(?m)^# (?!yaml-language)", "", file.read_text()))
    tenant = load_catalog(project).effective("robotics", "sandbox")
    assert tenant.spec == before
    assert tenant.origins["quota.cpu"].layer == "file"
    assert tenant.origins["serving.max_replicas"].layer == "file"


def test_an_existing_file_is_never_touched(call: Call, project: Path) -> None:
    before = (project / "tenants/nlp/tenant.yaml").read_bytes()
    said = call("add", "nlp", *FLAGS, "--yes")
    assert said.code == 2
    assert (project / "tenants/nlp/tenant.yaml").read_bytes() == before


def test_a_file_that_appears_meanwhile_is_not_touched_either(project: Path) -> None:
    with pytest.raises(UsageError):
        create(project / "tenants/nlp/tenant.yaml", "id: mine")
    assert "id: nlp" in (project / "tenants/nlp/tenant.yaml").read_text()


def test_dry_run_prints_and_writes_nothing(call: Call, project: Path) -> None:
    said = call("add", "robotics", *FLAGS, "--dry-run")
    assert said.code == 0
    assert parse(said.out, FILE).data["id"] == "robotics"
    assert not (project / "tenants/robotics").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (("--admin", "ml-vision"), "ml-vision"),
        (("--email", "nobody"), "owner.email"),
        (("--team", "{{ evil }}"), "owner.team"),
    ],
)
def test_what_the_catalog_refuses_is_not_written(
    call: Call, project: Path, changes: tuple[str, ...], words: str
) -> None:
    said = call("add", "robotics", *FLAGS, *changes, "--yes")
    assert said.code == 1
    assert words in said.err
    assert not (project / "tenants/robotics").exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [("kube-system", 1), ("platform", 1), ("Robotics", 2), ("../robotics", 2), ("a/b", 2), ("..", 2)],
)
def test_ids_that_cannot_be_are_not_written(call: Call, project: Path, name: str, code: int) -> None:
    assert call("add", name, *FLAGS, "--yes").code == code
    assert not (project / "robotics").exists()
    assert sorted(path.name for path in (project / "tenants").iterdir() if path.is_dir()) == [
        "forecasting",
        "nlp",
        "vision",
    ]


def test_mistakes_of_others_do_not_stand_in_the_way(call: Call, project: Path) -> None:
    (project / "tenants/nlp/tenant.yaml").write_text("id: nlp\n")
    assert call("add", "robotics", *FLAGS, "--yes").code == 0


def test_what_is_missing_is_named_where_nobody_can_be_asked(call: Call, project: Path) -> None:
    said = call("add", "robotics", "--team", "Robotics")
    assert said.code == 2
    assert "--email, --on-call, --cost-center, --admin" in said.err


def test_without_a_terminal_a_yes_is_needed(call: Call, project: Path) -> None:
    said = call("add", "robotics", *FLAGS)
    assert said.code == 2
    assert "--yes" in said.err
    assert not (project / "tenants/robotics").exists()


def test_environments_may_be_named(call: Call, project: Path, prod: str) -> None:
    assert call("add", "robotics", *FLAGS, "--env", "sandbox", "--env", prod, "--yes").code == 0
    assert load_catalog(project).tenants["robotics"].environments == (prod, "sandbox")
    assert call("add", "audio", *FLAGS, "--env", "staging").code == 2


@pytest.mark.parametrize(
    ("text", "yaml"),
    [
        ("CC-1042", "CC-1042"),
        ("1E3", '"1E3"'),
        ("NO", '"NO"'),
        ("12", '"12"'),
        ("#ml", '"#ml"'),
        ("Ünïcode & Söhne", '"Ünïcode & Söhne"'),
        ("a: b", '"a: b"'),
    ],
)
def test_texts_stay_texts(text: str, yaml: str) -> None:
    assert scalar(text) == yaml
    assert parse(f"key: {yaml}\n", "x.yaml").data == {"key": text}
