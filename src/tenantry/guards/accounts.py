"""Service accounts: which ones a team's workloads run as, and that `default` is nobody."""

from __future__ import annotations

from tenantry.guards.cel import BY_PLATFORM
from tenantry.guards.embedded import ACCOUNTS
from tenantry.guards.rule import Check, Mutation, Rule, Target

FAMILY = "accounts"

_SPEC = (
    "object.kind == 'Pod' ? object.?spec.orValue({})"
    " : object.kind == 'CronJob' ? object.?spec.?jobTemplate.?spec.?template.?spec.orValue({})"
    " : object.kind == 'PodTemplate' ? object.?template.?spec.orValue({})"
    " : object.?spec.?template.?spec.orValue({})"
)

WORKLOADS = Rule(
    name="workload-accounts",
    family=FAMILY,
    targets=(
        # Pods of the platform's own Deployments are made by Kubernetes' controllers, which are the platform.
        Target(plurals=("pods",), operations=("CREATE",)),
        Target(plurals=("podtemplates", "replicationcontrollers")),
        Target(group="apps", plurals=("daemonsets", "deployments", "replicasets", "statefulsets")),
        Target(group="batch", plurals=("cronjobs", "jobs")),
    ),
    variables=(
        BY_PLATFORM,
        ("spec", f"dyn({_SPEC})".replace("object.", "dyn(object).")),
        ("named", "[variables.spec.?serviceAccountName.orValue(''), variables.spec.?serviceAccount.orValue('')]"),
        ("foreign", f"variables.named.filter(account, !(account in {ACCOUNTS}))"),
    ),
    checks=(
        Check(
            expression="variables.byPlatform || size(variables.foreign) == 0",
            field="spec.serviceAccountName",
            value="'\"' + variables.foreign[0] + '\"'",
            what="is the account of a part of the platform, and has its rights",
            fix="Leave it out, or name one of the team's workloads': pipeline-runner or serving",
        ),
    ),
    attacks=("A35", "A40"),
)

DEFAULT_ACCOUNT = Mutation(
    name="default-account",
    # Kubernetes makes it with the namespace, before any stack could.
    targets=(Target(plurals=("serviceaccounts",)),),
    conditions=(("default", "object.metadata.name == 'default'"),),
    patches=(("ApplyConfiguration", "Object{automountServiceAccountToken: false}"),),
)
"""Pods that name no account get no token: most need none, and what is in none cannot be stolen from it."""

RULES = (WORKLOADS,)
MUTATIONS = (DEFAULT_ACCOUNT,)
