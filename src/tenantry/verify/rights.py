"""What nobody in a tenant's namespace may do, asked of the API server's own authorizers for each identity.

The answers come from SubjectAccessReviews: nobody is impersonated, nothing is written, and an authorizer that stands
beside RBAC (a webhook, EKS access entries) has its say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, Final, TypeAlias

from tenantry.kube import Json, Kube
from tenantry.verify.check import BrokenError, Check
from tenantry.verify.forbidden import CLUSTER, FOREIGN, OWN, Concern, Right
from tenantry.verify.identities import Identity

AT_ONCE: Final = 8
"""Questions under way: enough to hide the way there and back, and far from what a busy API server would notice."""
SHOWN: Final = 4
"""Rights that a message names."""
WRITES: Final = "writes"
"""The concern that parts of an install are excepted from, as far as their roles go."""
BUT_GIVEN: Final = " but what its roles in the files say"
BINDINGS: Final = "Look for the binding that grants it: tenantry access"

Given: TypeAlias = tuple[str, str, str]
"""Group, resource and verb."""


@dataclass(frozen=True)
class Place:
    """Where an identity must hold nothing."""

    own: str
    """The tenant's namespace."""
    foreign: tuple[str, ...]
    """Namespaces of the platform and of tenants whose files do not name the identity's group."""


def right_checks(
    kube: Kube, tenant: str, identity: Identity, place: Place, given: Collection[Given] = ()
) -> list[Check]:
    """A check for each concern that binds the identity.

    Args:
        kube: The cluster.
        tenant: Whose namespace it is.
        identity: Who is asked about.
        place: Where it must hold nothing.
        given: What the rendered roles let it write in its own namespace. Of every other concern nothing is excepted.
    """
    return [
        Check(
            f"{tenant}/access/{identity.name}/{concern.name}",
            f"{identity.name} may not {concern.what}{BUT_GIVEN if given and concern.name == WRITES else ''}",
            partial(refused, kube, identity, list(_asked(concern, place, given if concern.name == WRITES else ()))),
        )
        for concern in (*OWN, *FOREIGN, *CLUSTER)
        if identity.level in concern.levels
    ]


def given(objects: Iterable[Mapping[str, Any]], identity: Identity) -> frozenset[Given]:
    """What the rendered roles grant a service account, but for rules that name single objects."""
    found = list(objects)
    bound = {
        item["roleRef"]["name"]
        for item in found
        if item["kind"] == "RoleBinding" and any(_is(subject, identity) for subject in item.get("subjects") or ())
    }
    rules = (
        rule for item in found if item["kind"] == "Role" and item["metadata"]["name"] in bound for rule in item["rules"]
    )
    return frozenset(
        triple
        for rule in rules
        if not rule.get("resourceNames")
        for triple in product(rule["apiGroups"], rule["resources"], rule["verbs"])
    )


def _is(subject: Mapping[str, Any], identity: Identity) -> bool:
    spelled = f"system:serviceaccount:{subject.get('namespace')}:{subject['name']}"
    return bool(subject["kind"] == "ServiceAccount" and spelled == identity.user)


def _asked(concern: Concern, place: Place, given: Collection[Given]) -> Iterator[Json]:
    namespaces: tuple[str, ...] = ("",)
    if concern in OWN:
        namespaces = (place.own,)
    elif concern in FOREIGN:
        namespaces = place.foreign
    for namespace, right in product(namespaces, concern.rights):
        name = namespace if right.resource == "namespaces" else ""
        verbs = (verb for verb in right.verbs if (right.group, right.resource, verb) not in given)
        yield from (attributes(right, verb, namespace, name) for verb in verbs)


def attributes(right: Right, verb: str, namespace: str, name: str = "") -> Json:
    """The question, as a SubjectAccessReview spells it."""
    resource, _, subresource = right.resource.partition("/")
    asked = {"group": right.group, "resource": resource, "verb": verb}
    optional = {"subresource": subresource, "namespace": namespace, "name": name}
    return asked | {key: value for key, value in optional.items() if value}


def refused(kube: Kube, identity: Identity, questions: Iterable[Json]) -> None:
    """Ask whether an identity may do things that it must not.

    Raises:
        BrokenError: it may do one of them.
    """
    if found := [_said(asked) for asked, answer in _answers(kube, identity, questions) if answer]:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise BrokenError(f"{identity.name} may {', '.join(found[:SHOWN])}{more}. {BINDINGS}")


def granted_check(kube: Kube, tenant: str, identity: Identity, namespace: str, objects: Iterable[Json]) -> Check:
    """That an identity holds what the rendered roles grant it: a guard that refuses everything is broken, too."""
    questions = list(_granted(objects, identity, namespace))
    return Check(
        f"{tenant}/access/{identity.name}/rights",
        f"{identity.name} holds the rights of its roles",
        partial(held, kube, identity, questions),
    )


def _granted(objects: Iterable[Mapping[str, Any]], identity: Identity, namespace: str) -> Iterator[Json]:
    """The first verb and resource of each rule of the identity's roles."""
    found = list(objects)
    bound = {
        item["roleRef"]["name"]
        for item in found
        if item["kind"] == "RoleBinding"
        and any(subject["name"] in identity.groups for subject in item.get("subjects") or ())
    }
    for role in (item for item in found if item["kind"] == "Role" and item["metadata"]["name"] in bound):
        for rule in role["rules"]:
            right = Right(rule["apiGroups"][0], rule["resources"][0], tuple(rule["verbs"]))
            yield from (attributes(right, verb, namespace) for verb in right.verbs)


def held(kube: Kube, identity: Identity, questions: Iterable[Json]) -> None:
    """Ask whether an identity may do what it must be able to do.

    Raises:
        BrokenError: one of them is refused.
    """
    if found := [_said(asked) for asked, answer in _answers(kube, identity, questions) if not answer]:
        raise BrokenError(f"{identity.name} may not {', '.join(found[:SHOWN])}. Bring it back: tenantry up --refresh")


def _answers(kube: Kube, identity: Identity, questions: Iterable[Json]) -> Iterator[tuple[Json, bool]]:
    asked = list(questions)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip(asked, pool.map(partial(allowed, kube, identity), asked), strict=True)


def allowed(kube: Kube, identity: Identity, asked: Json) -> bool:
    """The API server's own answer."""
    spec = {"user": identity.user, "groups": list(identity.groups), "resourceAttributes": asked}
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
    answer = kube.raw("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", body=body)
    return bool(answer["status"]["allowed"])


def _said(asked: Mapping[str, str]) -> str:
    resource = "/".join(filter(None, (asked["resource"], asked.get("subresource"))))
    qualified = f"{resource}.{asked['group']}" if asked["group"] else resource
    return f"{asked['verb']} {qualified}" + (f" in {asked['namespace']}" if "namespace" in asked else "")
