"""Who may do what: verb by verb, and nothing that opens a way to more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from components.access import ROLES, Access, AccessArgs, members
from components.kinds import KINDS
from components.metadata import Marks
from components.pipelines.service_accounts import RULES
from tenantry import names
from tenantry.tenant_spec import AccessSpec
from tests.components.conftest import Declare

ACCESS = AccessSpec(admins=("leads",), developers=("team", "interns"), viewers=("all",))

NEVER = {
    "verbs": {"*", "impersonate", "bind", "escalate", "approve", "sign"},
    "api_groups": {"*"},
    "resources": {"*", "serviceaccounts/token", "pods/ephemeralcontainers", "pods/binding", "bindings", "pods/resize"},
}
GUARDS = {"resourcequotas", "limitranges", "networkpolicies", "roles", "rolebindings", "namespaces", "serviceaccounts"}
"""What keeps the team in its place: read, never written."""
READ = {"get", "list", "watch"}


def grants(*roles: str) -> Iterator[tuple[str, str]]:
    """Every `verb resource.group` that the roles give together."""
    for role in roles:
        yield from rights(ROLES[role])


def rights(rules: Any) -> Iterator[tuple[str, str]]:
    """Every `verb resource.group` of some rules."""
    for rule in rules:
        for group in rule["api_groups"]:
            for resource in rule["resources"]:
                yield from ((verb, f"{resource}.{group}".rstrip(".")) for verb in rule["verbs"])


def verbs(resource: str, *roles: str) -> set[str]:
    return {verb for verb, name in grants(*roles) if name == resource}


@pytest.mark.parametrize("role", ROLES)
def test_no_role_holds_what_opens_a_way_to_more(role: str) -> None:
    rule: Any
    for rule in ROLES[role]:
        for field, forbidden in NEVER.items():
            assert not forbidden & set(rule[field])


@pytest.mark.parametrize("role", ROLES)
def test_no_role_writes_a_guard(role: str) -> None:
    written = {name.split(".")[0] for verb, name in grants(role) if verb not in READ}
    assert not written & GUARDS


def test_viewers_read_and_read_no_secret() -> None:
    assert {verb for verb, _ in grants("viewer")} == READ
    assert verbs("secrets", "viewer") == set()
    assert verbs("pods/log", "viewer") == {"get"}
    assert verbs("resourcequotas", "viewer") == READ


def test_a_developers_day() -> None:
    both = ("viewer", "developer")
    work = READ | {"create", "patch", "update", "delete"}
    for resource in ("pods", "configmaps", "secrets", "services", "deployments.apps", "jobs.batch", "cronjobs.batch"):
        assert verbs(resource, *both) == work, resource
    assert verbs("persistentvolumeclaims", *both) == work - {"delete"}
    assert verbs("pods/exec", *both) == {"create", "get"}
    assert verbs("deployments/scale.apps", *both) == {"get", "patch", "update"}
    assert verbs("daemonsets.apps", *both) == READ
    assert verbs("seldondeployments.machinelearning.seldon.io", *both) == READ


def test_admins_delete_volumes_and_many_objects_at_once_besides() -> None:
    assert verbs("persistentvolumeclaims", *ROLES) == READ | {"create", "patch", "update", "delete", "deletecollection"}
    assert {verb for verb, _ in grants("admin")} == {"delete", "deletecollection"}


def test_what_anybody_creates_is_counted() -> None:
    counted = {kind.qualified for kind in KINDS}
    created = {name for verb, name in grants(*ROLES) if verb == "create" and "/" not in name}
    assert created
    assert created <= counted


def test_accounts_of_workloads_hold_no_more_than_developers() -> None:
    """Others are of the platform's parts, and the rule `workload-accounts` keeps teams' workloads from them."""
    workloads = {account: set(rights(RULES[account])) for account in names.WORKLOAD_ACCOUNTS if account in RULES}
    assert workloads.keys() == {"pipeline-runner"}
    more = workloads["pipeline-runner"] - set(grants("viewer", "developer"))
    # A step tells what it put out.
    assert more == {(verb, "workflowtaskresults.argoproj.io") for verb in ("create", "patch")}


@pytest.mark.parametrize(
    ("lifecycle", "expected"),
    [
        (
            "active",
            {
                "admin": ("leads",),
                "developer": ("interns", "leads", "team"),
                "viewer": ("all", "interns", "leads", "team"),
            },
        ),
        (
            "frozen",
            {"admin": ("leads",), "developer": ("leads",), "viewer": ("all", "interns", "leads", "team")},
        ),
        ("offboarding", {"viewer": ("all", "interns", "leads", "team")}),
    ],
)
def test_groups_by_role_in_every_phase(lifecycle: Any, expected: dict[str, tuple[str, ...]]) -> None:
    assert members(ACCESS, lifecycle) == expected


def test_admins_are_developers_and_viewers_without_being_named_twice() -> None:
    alone = AccessSpec(admins=("leads",), developers=(), viewers=())
    everything = {"admin": ("leads",), "developer": ("leads",), "viewer": ("leads",)}
    assert members(alone, "active") == everything
    assert members(alone, "offboarding") == {"viewer": ("leads",)}


def test_roles_are_bound_in_the_namespace_to_groups(declare: Declare, marks: Marks) -> None:
    args = AccessArgs(marks=marks, namespace="vision", access=ACCESS, lifecycle="active")
    resources = declare(lambda: Access("vision-access", args))
    bindings = {r.inputs["metadata"]["name"]: r for r in resources if r.type.endswith(":RoleBinding")}
    roles = {r.inputs["metadata"]["name"]: r for r in resources if r.type.endswith(":Role")}
    assert bindings.keys() == roles.keys() == {"admin", "developer", "viewer"}
    assert not [r for r in resources if "ClusterRole" in r.type]
    admin = bindings["admin"].inputs
    assert admin["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "admin"}
    assert admin["subjects"] == [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "leads"}]
    assert {item.inputs["metadata"]["namespace"] for item in (*bindings.values(), *roles.values())} == {"vision"}
    assert roles["viewer"].urn in bindings["viewer"].dependencies
