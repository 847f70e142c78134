"""A tenant's id: its folder's name, free, and unlike every other in every name that is made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tenantry import reserved as reserved_ids
from tenantry.derived import DERIVED, DerivedName
from tenantry.effective import EffectiveTenant
from tenantry.errors import Problem
from tenantry.names import tenant_file
from tenantry.yaml_source import Document


def folder(document: Document) -> Iterator[Problem]:
    """The id equals the folder, so that moving a file cannot make one tenant into another."""
    tenant = document.data["id"]
    if document.path != tenant_file(tenant):
        name = document.path.split("/")[-2]
        what = f'is "{tenant}", and its folder is "{name}"'
        fix = f'Write "{name}". An id stays for good: a new one is a new tenant'
        yield Problem(*document.value(("id",)), "id", what, fix)


def reserved(tenant: EffectiveTenant) -> Iterator[Problem]:
    """The id is free, and every name that is made of it fits."""
    identity, environment = tenant.spec.id, tenant.environment
    if why := reserved_ids.reason(identity, environment.reserved_ids):
        yield tenant.origins["id"].problem(f'"{identity}" is reserved: {why}', "Choose another id")
    for derived in DERIVED:
        excess = len(derived.spell(identity, environment.id)) - derived.limit
        if excess > 0:
            what = f"makes {derived.what} of {derived.limit + excess} characters in {environment.id}"
            fix = f"{derived.limit} are allowed: choose an id of at most {len(identity) - excess}"
            yield tenant.origins["id"].problem(what, fix)


def unique(tenants: Sequence[EffectiveTenant]) -> Iterator[Problem]:
    """No two tenants have ids that read alike, or a derived name in common."""
    by_spelling = defaultdict(set)
    for tenant in tenants:
        by_spelling[tenant.spec.id.replace("-", "")].add(tenant.spec.id)
    for tenant in tenants:
        others = by_spelling[tenant.spec.id.replace("-", "")] - {tenant.spec.id}
        if others:
            what = f'"{tenant.spec.id}" reads like {_quoted(others)} but for its dashes'
            yield tenant.origins["id"].problem(what, "Choose an id that differs in a letter or a digit")
    for derived in DERIVED:
        yield from _unique(derived, tenants)


def _unique(derived: DerivedName, tenants: Sequence[EffectiveTenant]) -> Iterator[Problem]:
    users = defaultdict(list)
    for tenant in tenants:
        scope = tenant.environment.id if derived.unique == "cluster" else ""
        users[scope, derived.spell(tenant.spec.id, tenant.environment.id)].append(tenant)
    for (_, name), same in users.items():
        for tenant in same if len(same) > 1 else ():
            others = {f"{o.spec.id} in {o.environment.id}" for o in same if o is not tenant}
            what = f'makes {derived.what} named "{name}" in {tenant.environment.id}, and so does {_quoted(others)}'
            yield tenant.origins["id"].problem(what, "Choose another id")


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))
