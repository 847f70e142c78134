"""Questions about rights, and who is asked about."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tenantry.kube import Kube
from tenantry.verify.check import BrokenError
from tenantry.verify.forbidden import CLUSTER, FOREIGN, OWN, Concern
from tenantry.verify.identities import Identity, people, service_account, workloads
from tenantry.verify.rights import Place, given, granted_check, right_checks
from tests.unit.verify.doubles import Server

DEVELOPER = Identity("developer:ml", "developer", "somebody", ("ml", "system:authenticated"))
PLACE = Place("vision", ("kube-system", "nlp"))


def binding(role: str, *groups: str) -> dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": role},
        "roleRef": {"kind": "Role", "name": role},
        "subjects": [{"kind": "Group", "name": group} for group in groups],
    }


def test_each_group_counts_by_its_widest_role() -> None:
    found = people([binding("viewer", "all", "leads", "ml"), binding("developer", "leads", "ml")])
    assert [one.name for one in found] == ["developer:leads", "developer:ml", "viewer:all"]
    assert found[1].groups == ("ml", "system:authenticated")


def test_every_service_account_of_the_namespace_is_asked_about() -> None:
    runner = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "runner", "namespace": "vision"}}
    found = workloads(cast("Kube", Server([runner])), "vision")
    assert [one.user for one in found] == [
        "system:serviceaccount:vision:default",
        "system:serviceaccount:vision:runner",
    ]
    assert found[0].groups == ("system:serviceaccounts", "system:serviceaccounts:vision", "system:authenticated")


@pytest.mark.parametrize("concern", [*OWN, *FOREIGN, *CLUSTER], ids=lambda one: one.name)
def test_every_single_right_that_is_held_is_named(concern: Concern) -> None:
    """One right is granted at a time, and the concern's check must fail for it."""
    level = min(concern.levels)
    identity = Identity("who", level, "user", ("group",))
    for right in concern.rights:
        for verb in right.verbs:
            resource, _, subresource = right.resource.partition("/")

            def allow(
                spec: dict[str, Any], wanted: tuple[str, ...] = (right.group, resource, subresource, verb)
            ) -> bool:
                asked = spec["resourceAttributes"]
                return wanted == (asked["group"], asked["resource"], asked.get("subresource", ""), asked["verb"])

            kube = cast("Kube", Server(allow=allow))
            [check] = [one for one in right_checks(kube, "vision", identity, PLACE) if one.name.endswith(concern.name)]
            with pytest.raises(BrokenError, match=f"who may {verb} {right.resource}"):
                check.run()


def test_nothing_granted_holds_everything_and_asks_in_the_right_places() -> None:
    server = Server()
    for check in right_checks(cast("Kube", server), "vision", DEVELOPER, PLACE):
        check.run()
    assert {spec["resourceAttributes"].get("namespace") for spec in server.asked} == {
        "vision",
        "kube-system",
        "nlp",
        None,
    }
    assert {(spec["user"], *spec["groups"]) for spec in server.asked} == {("somebody", "ml", "system:authenticated")}


def test_developers_are_not_asked_about_what_they_may() -> None:
    names = {one.name for one in right_checks(cast("Kube", Server()), "vision", DEVELOPER, PLACE)}
    assert "vision/access/developer:ml/secrets" not in names
    account = service_account("vision", "default")
    assert "vision/access/workload:default/secrets" in {
        one.name for one in right_checks(cast("Kube", Server()), "vision", account, PLACE)
    }


def test_rights_of_the_roles_must_be_held() -> None:
    role = {
        "kind": "Role",
        "metadata": {"name": "developer"},
        "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["create"]}],
    }
    objects = [role, binding("developer", "ml")]
    granted_check(cast("Kube", Server(allow=lambda _: True)), "vision", DEVELOPER, "vision", objects).run()
    with pytest.raises(BrokenError, match="developer:ml may not create pods in vision"):
        granted_check(cast("Kube", Server()), "vision", DEVELOPER, "vision", objects).run()


def of_a_part(**rule: Any) -> list[dict[str, Any]]:
    """A role of a part of an install, its binding, and the same for another account."""
    role = {"kind": "Role", "metadata": {"name": "argo"}, "rules": [{"apiGroups": [""], **rule}]}
    who = {"kind": "ServiceAccount", "name": "argo", "namespace": "vision"}
    return [role, {"kind": "RoleBinding", "roleRef": {"name": "argo"}, "subjects": [who]}]


def test_a_part_may_write_what_its_role_says_and_nothing_else() -> None:
    argo, runner = service_account("vision", "argo"), service_account("vision", "runner")
    held = given(of_a_part(resources=["pods"], verbs=["create", "get"]), argo)
    assert held == {("", "pods", "create"), ("", "pods", "get")}
    assert given(of_a_part(resources=["pods"], verbs=["create"]), runner) == set()

    def allow(spec: dict[str, Any]) -> bool:
        asked = spec["resourceAttributes"]
        wanted = {"group": "", "resource": "pods", "verb": "create", "namespace": "vision"}
        return bool(asked == wanted)

    def names(given_to: Any) -> set[str]:
        broken = set()
        for check in right_checks(cast("Kube", Server(allow=allow)), "vision", argo, PLACE, given_to):
            try:
                check.run()
            except BrokenError:
                broken.add(check.name)
        return broken

    assert names(held) == set()
    assert names(()) == {"vision/access/workload:argo/writes"}
    assert names({("", "pods", "delete")}) == {"vision/access/workload:argo/writes"}


def test_a_right_to_single_objects_is_none_to_all() -> None:
    only = of_a_part(resources=["secrets"], verbs=["get"], resourceNames=["mine"])
    assert given(only, service_account("vision", "argo")) == set()


@pytest.mark.parametrize("concern", ["guards", "roles", "secrets", "others-write"])
def test_no_role_excepts_anybody_from_what_keeps_tenants_apart(concern: str) -> None:
    argo = service_account("vision", "argo")
    [found] = [one for one in (*OWN, *FOREIGN) if one.name == concern]
    right = found.rights[0]
    held = {(right.group, right.resource, verb) for verb in right.verbs}
    checks = right_checks(cast("Kube", Server(allow=lambda _: True)), "vision", argo, PLACE, held)
    [check] = [one for one in checks if one.name.endswith(f"/{concern}")]
    with pytest.raises(BrokenError, match=f"{right.verbs[0]} {right.resource}"):
        check.run()
