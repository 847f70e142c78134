"""Who the parts of Pipelines and the steps of runs are, and what each may do in the team's namespace.

Whoever may create pods may run them as any of these, so none holds a right that would take a developer out of the
namespace or to its guards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.access import RBAC, READ
from components.install import Install
from tenantry.pipelines import words

if TYPE_CHECKING:
    from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict

ARGO = "argoproj.io"
ALL = (*READ, "create", "delete", "patch", "update")


def rule(group: str, resources: Sequence[str], verbs: Sequence[str], only: Sequence[str] = ()) -> PolicyRuleArgsDict:
    """One rule of a Role; `only` names the objects that it is about."""
    allowed: PolicyRuleArgsDict = {"api_groups": [group], "resources": list(resources), "verbs": list(verbs)}
    return {**allowed, "resource_names": list(only)} if only else allowed


STORE_KEYS = rule("", ["secrets"], ["get"], [words.STORE_SECRET])
LAUNCHER = rule("", ["configmaps"], ["get"], [words.LAUNCHER_CONFIG])

RULES: Mapping[str, tuple[PolicyRuleArgsDict, ...]] = {
    # Drivers make the volumes that a pipeline declares, and Argo's containers report what a step did. Upstream's role
    # also has all of pods, Deployments, Jobs and SeldonDeployments, and any Secret.
    words.RUNNER: (
        LAUNCHER,
        STORE_KEYS,
        rule("", ["persistentvolumeclaims"], ["create", "get"]),
        rule(ARGO, ["workflowtaskresults"], ["create", "patch"]),
    ),
    words.API: (
        LAUNCHER,
        rule("", ["pods"], ["delete", "get", "list"]),
        rule("", ["pods/log"], ["get"]),
        rule(ARGO, ["workflows"], ALL),
        rule("kubeflow.org", ["scheduledworkflows"], ["create", "delete", "get", "list", "patch", "update"]),
        rule("kubeflow.org", ["scheduledworkflows/finalizers"], ["update"]),
    ),
    # Not all Secrets of the team, as upstream has it: whoever reaches the UI would read them.
    words.UI: (
        LAUNCHER,
        STORE_KEYS,
        rule("", ["pods", "pods/log"], ["get"]),
        rule("", ["events"], ["list"]),
        rule(ARGO, ["workflows"], ["get", "list"]),
    ),
    words.AGENT: (rule(ARGO, ["workflows"], READ), rule("kubeflow.org", ["scheduledworkflows"], READ)),
    words.SCHEDULES: (
        rule(ARGO, ["workflows"], ALL),
        rule("kubeflow.org", ["scheduledworkflows"], ALL),
        rule("kubeflow.org", ["scheduledworkflows/finalizers"], ["update"]),
    ),
    # After Argo's own role for one namespace. Not its claims: Pipelines makes no volumes by Argo's templates, and to
    # delete one is no developer's right.
    words.ARGO: (
        STORE_KEYS,
        rule("", ["configmaps"], READ),
        rule("", ["pods"], ALL),
        # How a step is told to stop.
        rule("", ["pods/exec"], ["create"]),
        rule("", ["serviceaccounts"], ["get", "list"]),
        rule(ARGO, ["cronworkflows", "workflowtemplates"], READ),
        rule(ARGO, ["workflowartifactgctasks", "workflows", "workflowtasksets"], ALL),
        rule(ARGO, ["workflows/finalizers", "workflowtasksets/finalizers"], ["update"]),
        rule(ARGO, ["workflowtaskresults"], ["deletecollection", "list", "watch"]),
        rule("coordination.k8s.io", ["leases"], ["create", "get", "update"]),
        rule("policy", ["poddisruptionbudgets"], ["create", "delete", "get"]),
    ),
}
"""Rights by service account. None writes events, as upstream's do: nothing counts them, and whoever poses as one
could fill etcd with them. Who is not here never calls the API server, and gets no token."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A service account, ready for pods to run as."""

    name: pulumi.Output[str]
    calls: bool
    """Whether it calls the API server."""
    needs: tuple[pulumi.Resource, ...]
    """What gives it its rights; pods wait for it."""


def account(place: Install, name: str) -> Account:
    """A service account with exactly the rights in `RULES`."""
    made = k8s.core.v1.ServiceAccount(
        f"{place.name}-{name}-account",
        metadata=place.meta(name),
        # Argo makes the pods of runs and asks for nothing; the parts here ask for their token where they need one.
        automount_service_account_token=name == words.RUNNER,
        opts=place.here,
    )
    if name not in RULES:
        return Account(name=made.metadata.name, calls=False, needs=(made,))
    role = k8s.rbac.v1.Role(f"{place.name}-{name}", metadata=place.meta(name), rules=list(RULES[name]), opts=place.here)
    binding = k8s.rbac.v1.RoleBinding(
        f"{place.name}-{name}-binding",
        metadata=place.meta(name),
        role_ref={"api_group": RBAC, "kind": "Role", "name": role.metadata.name},
        subjects=[{"kind": "ServiceAccount", "name": made.metadata.name, "namespace": place.namespace}],
        opts=place.here,
    )
    return Account(name=made.metadata.name, calls=True, needs=(made, binding))
