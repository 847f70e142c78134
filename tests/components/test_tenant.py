"""The whole of a tenant: guards before guests, no dead knobs, one word for everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel

from components.tenant import PROVISIONED, Tenant, TenantArgs
from tenantry.catalog import EffectiveTenant
from tenantry.cli.provisioned import waiting_blocks
from tenantry.render import Resource
from tenantry.tenant_spec import TenantSpec
from tests.components.conftest import Declare

GUARDS = (
    ":ConfigMap",
    ":ResourceQuota",
    ":LimitRange",
    ":NetworkPolicy",
    ":ClusterQueue",
    ":LocalQueue",
    ":Namespace",
    ":FlowSchema",
)
INSTALLS = tuple(f"$tenantry:tenant:{component}$" for component in ("Model", "Pipelines", "Registry", "Serving"))
Path = tuple[str | int, ...]

SPECIAL: dict[str, Any] = {
    "id": "other",
    "tier": "small",
    "lifecycle": "frozen",
    "network.egress.0.cidr": "10.21.0.0/24",
    "monitoring.receivers.0.slack_channel": "#other",
    "monitoring.receivers.0.min_severity": "critical",
    "budget.alert_at.0": 0.4,
    "budget.alert_at.1": 0.9,
    "budget.alert_at.2": 1.1,
}
"""Another valid value, for leaves where the type alone does not give one."""


def tree(declare: Declare, tenant: EffectiveTenant) -> tuple[Resource, ...]:
    return declare(lambda: Tenant("vision", TenantArgs(tenant=tenant)))


def needed(resource: Resource, by_urn: dict[str, Resource]) -> Iterator[str]:
    """Urns of everything that must be there before, directly or not."""
    for urn in (resource.parent, *resource.dependencies):
        if urn in by_urn:
            yield urn
            yield from needed(by_urn[urn], by_urn)


def run(resource: Resource) -> bool:
    """Whether it is of what the platform runs for the team."""
    return any(install in resource.urn for install in INSTALLS)


def test_nobody_holds_a_right_before_every_guard_is_there(declare: Declare, vision: EffectiveTenant) -> None:
    resources = tree(declare, vision)
    by_urn = {resource.urn: resource for resource in resources}
    guards = {r.urn for r in resources if r.type.endswith(GUARDS) and not run(r)}
    guests = [r for r in resources if r.type.endswith((":RoleBinding", ":Role")) and "kubernetes:" in r.type]
    parts = [r for r in resources if run(r) and "kubernetes:" in r.type]
    assert {urn.rpartition("::")[2] for urn in guards} == {
        "vision-namespace",
        "vision-guard",
        "vision-fairness-flow",
        "vision-quota",
        "vision-quota-defaults",
        "vision-quota-no-system-priority",
        "vision-network-default-deny",
        "vision-network-dns",
        "vision-network-same-namespace",
        "vision-network-egress-feature-store",
        "vision-queue",
        "vision-queue-local",
    }
    assert len([guest for guest in guests if not run(guest)]) == 6
    assert len(parts) > 50
    for guest in (*guests, *parts):
        assert guards <= set(needed(guest, by_urn)), guest.name


def test_everything_namespaced_waits_for_the_namespace(declare: Declare, vision: EffectiveTenant) -> None:
    resources = tree(declare, vision)
    [namespace] = [resource.urn for resource in resources if resource.type == "kubernetes:core/v1:Namespace"]
    inside = [r for r in resources if "namespace" in r.inputs.get("metadata", {})]
    assert len(inside) > 10
    assert all(namespace in resource.dependencies for resource in inside)


def test_children_hang_below_their_concern(declare: Declare, vision: EffectiveTenant) -> None:
    """A component that hands its options on to its children drops its own level from their urns."""
    for resource in tree(declare, vision):
        if resource.type.startswith("kubernetes:"):
            assert "$tenantry:tenant:" in resource.urn.split("::")[2].removeprefix("tenantry:tenant:Tenant")


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a spec that a person can set, with the way to it. An empty list or map has none."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def dotted(path: Path) -> str:
    return ".".join(map(str, path))


def flipped(path: Path, value: Any) -> Any:
    """Another value of the same kind."""
    if dotted(path) in SPECIAL:
        return SPECIAL[dotted(path)]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if value[0].isdigit():
        return f"{int(value[:-2]) + 1}{value[-2:]}"
    return {"email": "other@example.com", "cost_center": "CC-9"}.get(str(path[-1]), "other")


def with_leaf(value: Any, path: Path, leaf: Any) -> Any:
    """The same value with one leaf replaced; models are checked anew."""
    if not path:
        return leaf
    head, rest = path[0], path[1:]
    if isinstance(value, BaseModel):
        inner = {name: getattr(value, name) for name in type(value).model_fields}
        return type(value)(**inner | {str(head): with_leaf(inner[str(head)], rest, leaf)})
    if isinstance(value, dict):
        return value | {head: with_leaf(value[head], rest, leaf)}
    changed = list(value)
    changed[int(head)] = with_leaf(value[int(head)], rest, leaf)
    return tuple(changed)


def test_no_knob_is_dead_and_none_that_waits_does_anything(declare: Declare, vision: EffectiveTenant) -> None:
    before = [(r.urn, r.inputs) for r in tree(declare, vision)]
    unchanged: set[str] = set()
    changed: set[str] = set()
    for path, value in leaves(vision.spec):
        spec = with_leaf(vision.spec, path, flipped(path, value))
        assert spec != vision.spec, dotted(path)
        after = [(r.urn, r.inputs) for r in tree(declare, replace(vision, spec=spec))]
        (unchanged if after == before else changed).add(dotted(path))
    assert {path for path in unchanged if path.split(".")[0] in PROVISIONED} == set(), "dead knobs"
    assert {path for path in changed if path.split(".")[0] not in PROVISIONED} == set(), "add them to PROVISIONED"
    assert len(changed) > 15


def test_the_example_sets_every_key(vision: EffectiveTenant) -> None:
    """Otherwise the test of the knobs would not see one."""
    seen = {dotted(path) for path, _ in leaves(vision.spec)}
    for name in TenantSpec.model_fields.keys() - {"registry"}:
        assert any(path.split(".")[0] == name for path in seen), name
    assert {"access.viewers.0", "network.egress.0.ports.0", "quota.gpus.h100", "quota.borrow"} <= seen


def test_show_reports_as_waiting_what_has_no_component() -> None:
    assert TenantSpec.model_fields.keys() >= PROVISIONED
    assert set(waiting_blocks(TenantSpec.model_fields)) == TenantSpec.model_fields.keys() - PROVISIONED


@pytest.mark.parametrize("phase", ["frozen", "offboarding"])
def test_a_phase_changes_what_is_there_and_moves_nothing(declare: Declare, vision: EffectiveTenant, phase: str) -> None:
    before = {r.urn for r in tree(declare, vision)}
    spec = vision.spec.model_copy(update={"lifecycle": phase})
    after = {r.urn for r in tree(declare, replace(vision, spec=spec))}
    gone = {urn.rpartition("::")[2] for urn in before - after}
    assert not after - before
    assert gone == {"frozen": set(), "offboarding": {"vision-access-admin", "vision-access-developer"}}[phase]
