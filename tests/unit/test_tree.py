"""What lies in the data folders is known, or it is a problem."""

from __future__ import annotations

import os
from pathlib import Path

from tenantry.tree import scan
from tests.unit.projects import add, project


def test_finds_everything_sorted(tmp_path: Path) -> None:
    root = project(tmp_path)
    for tenant in ("speech", "nlp", "vision"):
        add(root, tenant=tenant)
    (root / "tenants/nlp/models").mkdir()
    for model in ("b", "a"):
        (root / f"tenants/nlp/models/{model}.yaml").touch()
    tree = scan(root)
    assert (tree.tenants, tree.environments, tree.problems) == (["nlp", "speech", "vision"], ["lab", "prod"], [])
    assert [path.name for path in tree.models] == ["a.yaml", "b.yaml"]


def test_no_data_folder_says_where_to_run(tmp_path: Path) -> None:
    assert [str(problem) for problem in scan(tmp_path).problems] == [
        "tenants:1:1: is not a folder. Run tenantry at the project's root, where this folder is.",
        "infra/environments:1:1: is not a folder. Run tenantry at the project's root, where this folder is.",
        "infra/environments:1:1: has no environment. Add one, as in sandbox.yaml.",
    ]


def test_a_submodule_is_a_stray_file(tmp_path: Path) -> None:
    file = add(project(tmp_path))
    (file.parent / ".git").write_text("gitdir: ../../.git/modules/vision\n")
    assert [problem.path for problem in scan(tmp_path).problems] == ["tenants/vision/.git"]


def test_links_are_named_wherever_they_are(tmp_path: Path) -> None:
    root = project(tmp_path)
    file = add(root)
    places = ["tenants/link", "tenants/vision/models", "infra/environments/link.yaml"]
    for place in places:
        (root / place).symlink_to(file)
    assert sorted(problem.path for problem in scan(root).problems) == sorted(places)
    assert {problem.what for problem in scan(root).problems} == {"is a symbolic link"}


def test_a_file_name_that_is_not_utf8_can_be_printed(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "tenants" / os.fsdecode(b"\xff.yaml")).touch()
    [problem] = scan(root).problems
    assert str(problem).encode().startswith(b"tenants/")
