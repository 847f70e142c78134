"""Who the operator and the pods of models are, and what each may do in the team's namespace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.access import RBAC, READ
from components.pipelines.service_accounts import ALL, Account, rule
from components.serving.place import Place
from tenantry.serving import words

if TYPE_CHECKING:
    import pulumi
    from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict

RULES: tuple[PolicyRuleArgsDict, ...] = (
    rule("", ["configmaps"], READ),
    # Asked for Secrets of the old kind, which it then reads: no account here has any, so it reads no Secret.
    rule("", ["serviceaccounts"], ["get"], [words.SERVER]),
    rule("", ["services"], ALL),
    rule("apps", ["deployments"], ALL),
    rule("autoscaling", ["horizontalpodautoscalers"], ALL),
    # Budgets are Tenantry's own (components/model.py): it only looks for some that are left over.
    rule("policy", ["poddisruptionbudgets"], READ),
    rule("networking.istio.io", ["destinationrules", "virtualservices"], ALL),
    rule(words.GROUP, ["seldondeployments"], READ),
    rule(words.GROUP, ["seldondeployments/finalizers"], ["update"]),
    rule(words.GROUP, ["seldondeployments/status"], ["get", "patch", "update"]),
)
"""Rights of the operator. Upstream's roles also have every Secret of the namespace, ConfigMaps to write, Leases,
events, SeldonDeployments to write, and the kinds of Ambassador and KEDA, which are off."""


def operator_account(place: Place) -> Account:
    """The operator's account, with exactly the rights in `RULES`."""
    made = k8s.core.v1.ServiceAccount(
        f"{place.name}-{words.MANAGER}-account",
        metadata=place.meta(words.MANAGER),
        automount_service_account_token=False,
        opts=place.here,
    )
    role = k8s.rbac.v1.Role(
        f"{place.name}-{words.MANAGER}", metadata=place.meta(words.MANAGER), rules=list(RULES), opts=place.here
    )
    binding = k8s.rbac.v1.RoleBinding(
        f"{place.name}-{words.MANAGER}-binding",
        metadata=place.meta(words.MANAGER),
        role_ref={"api_group": RBAC, "kind": "Role", "name": role.metadata.name},
        subjects=[{"kind": "ServiceAccount", "name": made.metadata.name, "namespace": place.namespace}],
        opts=place.here,
    )
    return Account(name=made.metadata.name, calls=True, needs=(made, binding))


def server_account(place: Place, annotations: Mapping[str, pulumi.Input[str]]) -> k8s.core.v1.ServiceAccount:
    """The account of the pods that serve models. It calls no API server, holds no right and gets no token.

    Args:
        place: The install.
        annotations: By which a cloud knows whose its pods are; empty where a Secret has the store's keys.
    """
    meta = place.meta(words.SERVER)
    meta.annotations = {**place.marks.annotations, **annotations}
    return k8s.core.v1.ServiceAccount(
        f"{place.name}-{words.SERVER}-account",
        metadata=meta,
        automount_service_account_token=False,
        opts=place.here,
    )
