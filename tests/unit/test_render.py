"""The offline evaluator: the same program, the same result, every time."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tenantry.errors import PlatformError
from tenantry.render import RenderedStack, Resource, render_stack, render_stacks
from tenantry.render.stack import in_order

ROOT = Path(__file__).parents[2]
Project = Callable[[str], Path]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a program of its own."""

    def make(program: str) -> Path:
        (tmp_path / "infra").mkdir()
        (tmp_path / "Pulumi.yaml").write_text("name: small\nmain: infra/\nruntime: python\n", "utf-8")
        header = "import pulumi\nimport pulumi_kubernetes as k8s\n"
        (tmp_path / "infra/__main__.py").write_text(header + program, "utf-8")
        return tmp_path

    return make


def everything(root: Path, stacks: list[str]) -> dict[str, tuple[object, str]]:
    return {item.stack: (item.resources, item.to_yaml()) for item in render_stacks(root, stacks)}


STACKS = ["platform.sandbox", "forecasting.sandbox", "nlp.sandbox", "vision.sandbox"]


def test_two_renders_are_the_same_in_any_order_of_stacks() -> None:
    once = everything(ROOT, STACKS)
    assert everything(ROOT, STACKS[::-1]) == once
    assert everything(ROOT, ["nlp.sandbox"]) == {"nlp.sandbox": once["nlp.sandbox"]}


def test_the_order_of_files_and_keys_means_nothing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "infra/environments", tmp_path / "infra/environments")
    tenants = sorted(path.name for path in (ROOT / "tenants").iterdir() if path.is_dir())
    random.Random(3).shuffle(tenants)
    for tenant in tenants:
        for file in (ROOT / "tenants" / tenant).rglob("*.yaml"):
            copy = tmp_path / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(blocks_reversed(file.read_text("utf-8")), "utf-8")
    assert everything(tmp_path, STACKS) == everything(ROOT, STACKS)


def blocks_reversed(text: str) -> str:
    """The same file with its top-level keys in the opposite order."""
    blocks: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith("#"):
            continue
        if line[0] in " -" and blocks:
            blocks[-1] += line
        else:
            blocks.append(line)
    return "".join(reversed(blocks))


def test_another_process_with_other_hashes_renders_the_same_bytes() -> None:
    program = (
        "import sys, pathlib; from tenantry.render import render_stack;"
        "stack = render_stack(pathlib.Path(sys.argv[1]), 'vision.sandbox');"
        "sys.stdout.write(repr(stack.resources) + stack.to_yaml())"
    )
    here = render_stack(ROOT, "vision.sandbox")
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "KUBECONFIG": f"/nowhere/{seed}"}
        command = [sys.executable, "-c", program, str(ROOT)]
        there = subprocess.run(command, check=True, capture_output=True, env=environment).stdout
        assert there.decode() == repr(here.resources) + here.to_yaml()


def test_nothing_of_one_stack_leaks_into_the_next() -> None:
    vision, _, again = render_stacks(ROOT, ["vision.sandbox", "nlp.sandbox", "vision.sandbox"])
    assert vision == again
    assert not [resource for resource in again.resources if "nlp" in resource.urn]


def test_importing_the_renderer_does_not_import_pulumi() -> None:
    program = "import sys, tenantry.render; sys.exit('pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_urns_hold_every_ancestor_but_the_stack() -> None:
    [hard] = [
        r for r in render_stack(ROOT, "vision.sandbox").resources if r.name == "vision-quota" and "core" in r.type
    ]
    assert hard.urn == (
        "urn:pulumi:vision.sandbox::tenantry::"
        "tenantry:tenant:Tenant$tenantry:tenant:Quota$kubernetes:core/v1:ResourceQuota::vision-quota"
    )


def resource(urn: str, *needs: str, parent: str = "stack") -> Resource:
    return Resource(
        urn=urn, type="kubernetes:core/v1:Pod", name=urn, parent=parent, inputs={}, dependencies=needs, protect=False
    )


def test_what_must_be_there_first_stands_first() -> None:
    chain = [resource("a", "z"), resource("b"), resource("c", parent="a"), resource("z")]
    assert [item.urn for item in in_order(chain)] == ["b", "z", "a", "c"]
    assert in_order(chain[::-1]) == in_order(chain)


def test_numbers_and_nulls_come_out_as_they_went_in_and_secrets_do_not(project: Project) -> None:
    root = project(
        "k8s.core.v1.ConfigMap('a', metadata={'name': 'a'}, data={'b': pulumi.Output.secret('hidden')})\n"
        "k8s.apiextensions.CustomResource('c', api_version='x.io/v1', kind='C', metadata={'name': 'c'},"
        " spec={'port': 53, 'share': 0.5, 'on': False, 'none': None, 'list': [1, 'x', {'deep': 2}]})\n"
        "k8s.core.v1.Secret('s', metadata={'name': 's'}, data={'user': 'eA==', 'password': 'eQ=='})\n"
    )
    by_kind = {item["kind"]: item for item in render_stack(root, "platform.sandbox").objects()}
    config, custom, secret = (by_kind[kind] for kind in ("ConfigMap", "C", "Secret"))
    assert config["data"] == {"b": "REDACTED"}
    assert secret["data"] == {"user": "REDACTED", "password": "REDACTED"}
    assert custom["spec"] == {"port": 53, "share": 0.5, "on": False, "list": [1, "x", {"deep": 2}]}
    assert isinstance(custom["spec"]["port"], int)


@pytest.mark.parametrize(
    ("program", "error", "words"),
    [
        ("raise KeyError('mine')", KeyError, "mine"),
        ("k8s.core.v1.ConfigMap('a').metadata.apply(lambda _: 1 / 0)", ZeroDivisionError, "division"),
        ("async def main():\n    raise LookupError('later')\npulumi.run(main)", LookupError, "later"),
        ("raise pulumi.RunError('short')", PlatformError, "short"),
        ("k8s.core.v1.ConfigMap('a')\nk8s.core.v1.ConfigMap('a')", PlatformError, "declares .*::a twice"),
        (
            "pulumi.StackReference('organization/small/other.sandbox')",
            PlatformError,
            r"refers to the stack other\.sand",
        ),
        ("pulumi.runtime.invoke('cloud:index:ask', {})", PlatformError, "calls cloud:index:ask"),
    ],
)
def test_errors_of_the_program_surface_as_they_are(
    project: Project, program: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        render_stack(project(program), "platform.sandbox")


def test_an_error_leaves_the_next_render_alone(project: Project) -> None:
    with pytest.raises(KeyError):
        render_stack(project("raise KeyError('mine')"), "platform.sandbox")
    assert render_stack(ROOT, "platform.sandbox").resources


def test_a_main_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: small\nmain: nowhere/\n", "utf-8")
    with pytest.raises(PlatformError, match="nowhere, which is no file"):
        render_stack(tmp_path, "platform.sandbox")


def test_the_trace_limit_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    render_stack(ROOT, "platform.sandbox")
    assert not hasattr(sys, "tracebacklimit")
    monkeypatch.setattr(sys, "tracebacklimit", 7, raising=False)
    render_stack(ROOT, "platform.sandbox")
    assert sys.tracebacklimit == 7


def test_a_stack_of_nothing_has_no_objects() -> None:
    assert RenderedStack("empty.sandbox", (), {}).to_yaml() == ""
