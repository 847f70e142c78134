"""Who of the team may do what in its namespace: three roles, written out verb by verb.

Never the built-in `admin` and `edit`: they let their holder impersonate service accounts, issue their tokens and
open the network, and they grow with every chart that the platform installs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.kinds import CORE, KINDS, Kind
from components.metadata import Marks
from tenantry.tenant_spec import AccessSpec, Lifecycle

if TYPE_CHECKING:
    from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict, SubjectArgsDict

RBAC = "rbac.authorization.k8s.io"
READ = ("get", "list", "watch")
WRITE = ("create", "patch", "update")

LOOK_AROUND: tuple[PolicyRuleArgsDict, ...] = (
    {"api_groups": [CORE], "resources": ["namespaces", "pods/log"], "verbs": ["get"]},
    {"api_groups": [CORE], "resources": ["events", "limitranges", "resourcequotas"], "verbs": list(READ)},
    {"api_groups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": list(READ)},
    {"api_groups": ["events.k8s.io"], "resources": ["events"], "verbs": list(READ)},
    {"api_groups": ["metrics.k8s.io"], "resources": ["pods"], "verbs": ["get", "list"]},
    {"api_groups": [RBAC], "resources": ["rolebindings", "roles"], "verbs": list(READ)},
)
"""What is read but not counted: the team sees its own limits, guards and rights, and who else has them."""

WORK: tuple[PolicyRuleArgsDict, ...] = (
    # Clients that speak WebSocket open these with a GET, and the API server asks for both verbs.
    {"api_groups": [CORE], "resources": ["pods/attach", "pods/exec", "pods/portforward"], "verbs": ["create", "get"]},
    {
        "api_groups": ["apps"],
        "resources": ["deployments/scale", "statefulsets/scale"],
        "verbs": ["get", "patch", "update"],
    },
)
"""Subresources of developers. Not `pods/ephemeralcontainers`, `pods/resize`, `pods/binding` or `pods/eviction`."""


def viewer_rules() -> list[PolicyRuleArgsDict]:
    """Read everything but secrets."""
    return [*_rules([kind for kind in KINDS if not kind.secret], READ), *LOOK_AROUND]


def developer_rules() -> list[PolicyRuleArgsDict]:
    """What developers do besides looking: run workloads, manage configuration, secrets, services and volumes."""
    return [
        *_rules([kind for kind in KINDS if kind.secret], READ),
        *_rules([kind for kind in KINDS if kind.written], WRITE),
        *_rules([kind for kind in KINDS if kind.written and not kind.lasting], ("delete",)),
        *WORK,
    ]


def admin_rules() -> list[PolicyRuleArgsDict]:
    """What admins do besides a developer's work: delete volumes, and many objects at once."""
    return _rules([kind for kind in KINDS if kind.written], ("delete", "deletecollection"))


def _rules(kinds: list[Kind], verbs: tuple[str, ...]) -> list[PolicyRuleArgsDict]:
    """One rule an API group. `KINDS` is sorted by group."""
    return [
        {"api_groups": [group], "resources": [kind.plural for kind in members], "verbs": list(verbs)}
        for group, members in groupby(kinds, key=lambda kind: kind.group)
    ]


ROLES = {"admin": admin_rules(), "developer": developer_rules(), "viewer": viewer_rules()}
"""Rules by role. They add up: a developer is bound to `viewer` too, an admin to all three."""


def members(access: AccessSpec, lifecycle: Lifecycle) -> dict[str, tuple[str, ...]]:
    """Groups by role, in one phase of the tenant's life. A role without groups is bound to nobody.

    Frozen, developers look on and admins clean up. Offboarding, everybody looks on, to take away what is theirs.
    """
    chosen = {
        "admin": {*access.admins} if lifecycle != "offboarding" else set(),
        "developer": {"active": {*access.admins, *access.developers}, "frozen": {*access.admins}}.get(lifecycle, set()),
        "viewer": access.groups,
    }
    return {role: tuple(sorted(groups)) for role, groups in chosen.items() if groups}


def subjects(groups: tuple[str, ...]) -> list[SubjectArgsDict]:
    """Groups as the identity provider names them. Never users or service accounts."""
    return [{"kind": "Group", "name": group, "api_group": RBAC} for group in groups]


@dataclass(frozen=True, kw_only=True)
class AccessArgs:
    """What the roles and bindings are made from."""

    marks: Marks
    namespace: pulumi.Input[str]
    access: AccessSpec
    lifecycle: Lifecycle


class Access(pulumi.ComponentResource):
    """Roles in the namespace, bound to groups. It binds nobody to a ClusterRole and grants nothing outside.

    It binds no service account: `default`, which Kubernetes makes, holds nothing and (`tenantry.guards.accounts`)
    gets no token; accounts of a concern come with that concern.
    """

    roles: pulumi.Output[list[str]]
    """Names of the roles that somebody is bound to."""

    def __init__(self, name: str, args: AccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Access", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        roles = {
            role: k8s.rbac.v1.Role(
                f"{name}-{role}",
                metadata=args.marks.meta("access", role, namespace=args.namespace),
                rules=granted,
                opts=here,
            )
            for role, granted in ROLES.items()
        }
        bindings = [
            k8s.rbac.v1.RoleBinding(
                f"{name}-{role}",
                metadata=args.marks.meta("access", role, namespace=args.namespace),
                role_ref={"api_group": RBAC, "kind": "Role", "name": roles[role].metadata.name},
                subjects=subjects(groups),
                opts=here,
            )
            for role, groups in members(args.access, args.lifecycle).items()
        ]
        self.roles = pulumi.Output.all(*(binding.metadata.name for binding in bindings))
        self.register_outputs({"roles": self.roles})
