"""The rules as the engine asks for them: resources in, diagnostics out. The engine itself is in tests/sandbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2 as pb2

from tenantry.errors import InputError
from tenantry.policies import RULES
from tenantry.policies.exceptions import FILE
from tenantry.policies.pack import Pack, project, resource
from tenantry.render import Resource
from tenantry.sandbox.plugins.values import UNKNOWN, encode
from tests.unit.policies.scene import PLATFORM, ROOT, VISION, Scene

TODAY = date(2026, 11, 24)


def message(one: Resource) -> pb2.AnalyzerResource:
    return pb2.AnalyzerResource(
        urn=one.urn,
        type=one.type,
        name=one.name,
        parent=one.parent,
        properties=encode(one.inputs, [("data",)] if one.inputs.get("kind") == "ConfigMap" else []),
        dependencies=one.dependencies,
        options=pb2.AnalyzerResourceOptions(protect=one.protect),
    )


def asked(resources: Iterable[Resource], stack: str = VISION, root: Path = ROOT) -> list[pb2.AnalyzeDiagnostic]:
    pack = Pack(root, lambda: TODAY)
    pack.configure_stack(pb2.AnalyzerStackConfigureRequest(stack=stack, project="tenantry", dry_run=True))
    request = pb2.AnalyzeStackRequest(resources=[message(one) for one in resources])
    return list(pack.analyze_stack(request).diagnostics)


@pytest.mark.parametrize("stack", [VISION, PLATFORM])
def test_what_the_program_makes_is_right(stack: str) -> None:
    assert asked(Scene(stack).resources, stack) == []


def test_a_resource_comes_through_as_it_was_rendered() -> None:
    for one in Scene().resources:
        assert resource(message(one)) == one


def broken() -> Scene:
    scene = Scene()
    scene.get("RoleBinding", "admin")["roleRef"].update(kind="ClusterRole")
    return scene


def test_a_breach_is_mandatory_and_names_its_resource() -> None:
    [found] = asked(broken().resources)
    assert (found.policyName, found.enforcementLevel) == ("ten-acc-003", pb2.MANDATORY)
    assert found.severity == pb2.POLICY_SEVERITY_CRITICAL
    assert found.urn == broken().resource("RoleBinding", "admin").urn
    assert found.message.startswith("RoleBinding vision/admin: binds the ClusterRole admin. ")
    assert found.message.endswith("docs/policies.md#ten-acc-003.")


def copied(folder: Path) -> Path:
    model = "tenants/vision/models/defect-detector.yaml"
    for name in ("tenants/vision/tenant.yaml", model, "infra/environments/sandbox.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


def exception(root: Path, expires: str) -> None:
    finding = "RoleBinding vision/admin: binds the ClusterRole admin"
    (root / FILE).write_text(
        f'exceptions:\n  - {{rule: TEN-ACC-003, stack: vision.sandbox, finding: "{finding}",'
        f' owner: a@example.com, reason: "a test of what an exception does", expires: "{expires}"}}\n'
    )


def test_what_is_excused_is_advisory(tmp_path: Path) -> None:
    root = copied(tmp_path)
    exception(root, "2026-11-24")
    [found] = asked(broken().resources, root=root)
    assert (found.policyName, found.enforcementLevel) == ("ten-acc-003", pb2.ADVISORY)


def test_an_expired_exception_fails_the_run(tmp_path: Path) -> None:
    root = copied(tmp_path)
    exception(root, "2026-11-23")
    with pytest.raises(InputError, match="expired on 2026-11-23"):
        asked(broken().resources, root=root)


@pytest.mark.parametrize(
    ("where", "level"),
    [
        (("metadata", "namespace"), pb2.ADVISORY),
        (("roleRef", "name"), pb2.ADVISORY),
        (("metadata", "uid"), pb2.MANDATORY),
        (("status", "phase"), pb2.MANDATORY),
    ],
)
def test_where_the_cluster_has_yet_to_speak_findings_are_advisory(where: tuple[str, str], level: int) -> None:
    scene = broken()
    inputs: Any = scene.get("RoleBinding", "viewer")
    inputs.setdefault(where[0], {})[where[1]] = UNKNOWN
    levels = {found.enforcementLevel for found in asked(scene.resources)}
    assert levels == {level}


def test_a_stack_that_goes_is_not_judged() -> None:
    assert asked([one for one in Scene().resources if "kubernetes:" not in one.type]) == []


def test_the_engine_is_told_of_every_rule() -> None:
    info = Pack(ROOT).info(Empty())
    assert [one.name for one in info.policies] == [rule.id.lower() for rule in RULES]
    assert {one.enforcementLevel for one in info.policies} == {pb2.MANDATORY}
    assert {one.policy_type for one in info.policies} == {pb2.POLICY_TYPE_STACK}


def test_single_resources_are_let_be() -> None:
    calls = Pack(ROOT).calls()
    for name in ("Handshake", "Configure", "ConfigureStack", "Analyze", "Remediate", "GetPluginInfo", "Cancel"):
        call = calls[name]
        assert call.function(call.request()) == call.response()


def test_the_project_is_the_nearest_folder_upwards(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "infra/deep").mkdir(parents=True)
    assert project(tmp_path / "infra/deep") == tmp_path
    assert project(Path("/")) == Path("/")
