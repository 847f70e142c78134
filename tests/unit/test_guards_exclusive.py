"""Kinds that only the platform writes, and that none of them is one that teams need."""

from __future__ import annotations

from typing import Any

from components.access import ROLES
from tenantry.guards import RULES, Check, Rule, Target
from tenantry.guards.cel import BY_PLATFORM
from tenantry.guards.exclusive import exclusive, kinds

WRITES = {"create", "update", "patch", "delete", "deletecollection"}


def test_the_whole_of_an_exclusive_rule() -> None:
    made = exclusive(
        name="boats", family="sea", targets=(kinds("sea.io", "boats"),), why="they sink", fix="Swim", attacks=("A01",)
    )
    assert made == Rule(
        name="boats",
        family="sea",
        targets=(Target(group="sea.io", plurals=("boats", "boats/status"), operations=("CREATE", "UPDATE", "DELETE")),),
        variables=(BY_PLATFORM,),
        checks=(
            Check(
                expression="variables.byPlatform",
                field="kind",
                value="request.kind.kind",
                what="is written by the platform alone: they sink",
                fix="Swim",
            ),
        ),
        attacks=("A01",),
    )
    assert made.message(made.checks[0]) == (
        "boats: kind is written by the platform alone: they sink. Swim. See docs/runbooks/admission.md#boats"
    )


def closed() -> set[tuple[str, str]]:
    """Group and plural of every kind of an exclusive rule."""
    rules = [rule for rule in RULES if not rule.conditions and rule.checks[0].expression == "variables.byPlatform"]
    return {(target.group, plural) for rule in rules for target in rule.targets for plural in target.plurals}


def test_no_role_grants_what_only_the_platform_writes() -> None:
    """Otherwise a right would be there that nobody can use, or a rule stood in a team's way."""
    rules: list[Any] = [rule for role in ROLES.values() for rule in role]
    granted = {
        (group, resource)
        for rule in rules
        if WRITES & set(rule["verbs"])
        for group in rule["api_groups"]
        for resource in rule["resources"]
    }
    assert ("apps", "deployments") in granted
    assert granted & closed() == set()


def test_every_guard_of_a_namespace_is_closed() -> None:
    assert closed() >= {
        ("", "endpoints"),
        ("", "limitranges"),
        ("", "resourcequotas"),
        ("", "resourcequotas/status"),
        ("", "serviceaccounts"),
        ("", "serviceaccounts/token"),
        ("", "pods/binding"),
        ("kueue.x-k8s.io", "localqueues"),
        ("networking.k8s.io", "networkpolicies"),
        ("rbac.authorization.k8s.io", "rolebindings"),
        ("rbac.authorization.k8s.io", "roles"),
        ("resource.k8s.io", "resourceclaims"),
    }
