"""Where pods may run and what they may hold: what Pod Security `restricted` does not look at."""

from __future__ import annotations

from tenantry import gpu
from tenantry.guards.parameters import listed
from tenantry.guards.rule import Check, Rule, Target

FAMILY = "pods"
CREATED = (Target(plurals=("pods",), operations=("CREATE",)),)
WRITTEN = (Target(plurals=("pods",)),)

FOREIGN_TOLERATIONS = (
    "!has(object.spec.tolerations) ? [] : object.spec.tolerations.filter(t, !("
    # What the API server gives to every pod, or sooner.
    "(has(t.key) && t.key in ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']"
    " && has(t.effect) && t.effect == 'NoExecute' && has(t.tolerationSeconds) && t.tolerationSeconds <= 300)"
    f" || (variables.mayUseGpus && has(t.key) && t.key == '{gpu.RESOURCE}'"
    " && has(t.effect) && t.effect == 'NoSchedule')))"
)

TOLERATIONS = Rule(
    name="pod-tolerations",
    family=FAMILY,
    targets=WRITTEN,
    parametrised=True,
    variables=(
        ("mayUseGpus", f"size({listed('gpu-products')}) > 0"),
        ("foreign", FOREIGN_TOLERATIONS),
    ),
    checks=(
        Check(
            expression="size(variables.foreign) == 0",
            field="spec.tolerations",
            value="(has(variables.foreign[0].key) ? '\"' + variables.foreign[0].key + '\"' : 'of every taint')",
            what="is not one that this team may have",
            fix="Remove it: pods that ask for a GPU get theirs by themselves",
        ),
    ),
    attacks=("A18",),
)

NODE_NAME = Rule(
    name="pod-node-name",
    family=FAMILY,
    targets=CREATED,
    checks=(
        Check(
            expression="!has(object.spec.nodeName) || object.spec.nodeName == ''",
            field="spec.nodeName",
            value="'\"' + object.spec.nodeName + '\"'",
            what="chooses a node past the scheduler, its taints and the queue",
            fix="Remove it, and let the scheduler choose",
        ),
    ),
    attacks=("A19",),
)

RULES = (TOLERATIONS, NODE_NAME)
