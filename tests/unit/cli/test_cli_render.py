"""`tenantry render`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tenantry.cli.failure import UsageError
from tenantry.cli.render import MARK, chosen_stacks, prepare
from tests.unit.cli.calling import Call


def test_one_stream_holds_every_object(call: Call, project: Path) -> None:
    said = call("render", "nlp")
    assert said.code == 0
    kinds = [item["kind"] for item in yaml.safe_load_all(said.out)]
    assert kinds.index("Namespace") < kinds.index("ResourceQuota")
    assert {"ResourceQuota", "LimitRange", "NetworkPolicy", "RoleBinding"} <= set(kinds)
    assert not said.err


def test_a_folder_holds_a_file_an_object_and_is_made_anew(call: Call, project: Path) -> None:
    assert call("render", "--platform", "--into", "out").code == 0
    stacks = sorted(path.name for path in Path("out").iterdir() if path.is_dir())
    assert stacks == ["forecasting.sandbox", "nlp.sandbox", "platform.sandbox", "vision.sandbox"]
    [item] = yaml.safe_load_all(Path("out/nlp.sandbox/namespace.nlp.yaml").read_text())
    assert item["metadata"]["name"] == "nlp"
    said = call("render", "nlp", "--into", "out")
    assert "of 1 stack into out" in said.err
    assert [path.name for path in Path("out").iterdir() if path.is_dir()] == ["nlp.sandbox"]


def test_a_folder_with_other_things_is_left_alone(project: Path) -> None:
    (project / "mine").mkdir()
    (project / "mine/notes.txt").write_text("precious")
    with pytest.raises(UsageError, match="--force"):
        prepare(project / "mine", force=False)
    prepare(project / "mine", force=True)
    assert (project / "mine/notes.txt").read_text() == "precious"
    with pytest.raises(UsageError):
        prepare(project / "Pulumi.yaml", force=True)


def test_making_anew_removes_only_what_was_written(project: Path) -> None:
    # Only folders of the test's own: a name that got through would be deleted for real.
    out, outside = project / "out", project / "outside"
    (out / "nlp.sandbox").mkdir(parents=True)
    (out / "mine").mkdir()
    outside.mkdir()
    (out / MARK).write_text(f"nlp.sandbox\n../tenants\n..\n.\n{outside}\n")
    prepare(out, force=False)
    assert outside.is_dir()
    assert not (out / "nlp.sandbox").exists()
    assert (out / "mine").is_dir()
    assert (project / "tenants/nlp/tenant.yaml").is_file()


def test_the_stacks_are_those_that_live_there(project: Path, prod: str) -> None:
    assert chosen_stacks(project, "sandbox", None, platform=True) == [
        "platform.sandbox",
        "forecasting.sandbox",
        "nlp.sandbox",
        "vision.sandbox",
    ]
    assert chosen_stacks(project, prod, None, platform=False) == []


def test_a_tenant_that_lives_elsewhere_is_an_input_error(call: Call, project: Path, prod: str) -> None:
    said = call("render", "vision", "--env", prod)
    assert said.code == 1
    assert "vision" in said.err
