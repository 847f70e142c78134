"""Which stack gets what, and which cluster it refuses."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from infra import tenant_stack
from tenantry.errors import InputError, PlatformError
from tenantry.render import render_stack, render_stacks
from tenantry.render.program import Program
from tenantry.render.recorder import CLUSTER_UID

ROOT = Path(__file__).parents[2]
STACKS = ("platform.sandbox", "forecasting.sandbox", "nlp.sandbox", "vision.sandbox")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The repository's data alone, to be changed."""
    shutil.copytree(ROOT / "tenants", tmp_path / "tenants")
    shutil.copytree(ROOT / "infra/environments", tmp_path / "infra/environments")
    return tmp_path


def test_golden_resources_of_every_example(golden: Callable[[str, str], None]) -> None:
    """Urns and type tokens are names in state files: a change here is a replacement there, unless it has an alias."""
    for rendered in render_stacks(ROOT, STACKS):
        text = [
            {"urn": r.urn, "inputs": r.inputs, "dependencies": r.dependencies, "protect": r.protect}
            for r in rendered.resources
        ]
        golden(f"{rendered.stack}.json", json.dumps(text, indent=1, ensure_ascii=False) + "\n")


def test_the_platform_exports_what_tenants_need() -> None:
    assert render_stack(ROOT, "platform.sandbox").outputs == {"cluster_uid": CLUSTER_UID}


def test_a_tenant_exports_its_namespace() -> None:
    assert render_stack(ROOT, "vision.sandbox").outputs == {"namespace": "vision"}


def declare_vision(exports: dict[str, str] | None) -> None:
    async def main() -> None:
        await tenant_stack.declare(ROOT, "vision", "sandbox")

    with Program(ROOT) as program:
        program.run(main, "vision.sandbox", {} if exports is None else {"platform.sandbox": exports})


def test_without_its_platform_a_tenant_says_what_to_do_first() -> None:
    with pytest.raises(
        PlatformError, match=r"^the stack platform\.sandbox has no cluster_uid yet\. Bring it up first:"
    ):
        declare_vision({})


def test_where_the_engine_knows_no_platform_the_way_out_is_told_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(PlatformError, match="refers to the stack platform"):
        declare_vision(None)
    assert "the stack platform.sandbox cannot be read. Bring it up first:" in capsys.readouterr().err


def test_a_tenant_refuses_every_other_cluster() -> None:
    with pytest.raises(PlatformError, match="another cluster") as caught:
        declare_vision({"cluster_uid": "the-right-one"})
    assert "the-right-one" in str(caught.value)
    assert CLUSTER_UID in str(caught.value)


def test_on_its_cluster_a_tenant_is_declared() -> None:
    declare_vision({"cluster_uid": CLUSTER_UID})


@pytest.mark.parametrize("stack", ["vision", "vision.", ".sandbox", "vision.sandbox.x"])
def test_a_stack_of_another_name_is_refused(stack: str) -> None:
    with pytest.raises(PlatformError, match="is no stack of Tenantry"):
        render_stack(ROOT, stack)


@pytest.mark.parametrize("stack", ["nobody.sandbox", "vision.mars", "platform.mars"])
def test_unknown_tenants_and_environments_are_the_users_to_correct(stack: str) -> None:
    with pytest.raises(
        InputError, match=stack.removeprefix("platform.").split(".")[0] if "nobody" in stack else "mars"
    ):
        render_stack(ROOT, stack)


def test_a_problem_in_a_file_keeps_its_place(data: Path) -> None:
    file = data / "tenants/vision/tenant.yaml"
    file.write_text(file.read_text("utf-8").replace("pods: 200", "pods: many"), "utf-8")
    with pytest.raises(InputError) as caught:
        render_stack(data, "vision.sandbox")
    [problem] = caught.value.problems
    assert (problem.path, problem.key) == ("tenants/vision/tenant.yaml", "quota.pods")


def test_what_a_real_cluster_cannot_get_back_is_protected(data: Path) -> None:
    file = data / "infra/environments/sandbox.yaml"
    file.write_text(file.read_text("utf-8").replace("kind: sandbox", "kind: existing"), "utf-8")
    protected = {
        stack: Counter(r.type.rpartition(":")[2] for r in render_stack(data, stack).resources if r.protect)
        for stack in ("vision.sandbox", "platform.sandbox")
    }
    assert protected == {
        "vision.sandbox": {"Namespace": 1, "PersistentVolumeClaim": 3},
        "platform.sandbox": {"Namespace": 1, "CustomResourceDefinition": 9},
    }
