"""Which nodes pods may choose, and whom they may keep away from them."""

from __future__ import annotations

from tenantry import gpu
from tenantry.guards.cel import CHANGED
from tenantry.guards.parameters import listed
from tenantry.guards.pods import CONTAINERS, CREATED, WRITTEN
from tenantry.guards.rule import Check, Rule
from tenantry.names import POOL_LABEL

FAMILY = "placement"

FREE_KEYS = ("kubernetes.io/arch", "kubernetes.io/os", "topology.kubernetes.io/region", "topology.kubernetes.io/zone")
"""Labels of nodes that any pod may choose by: none of them tells one team's nodes from another's."""

FOREIGN_TOLERATIONS = (
    "object.spec.?tolerations.orValue([]).filter(t, !("
    # What the API server gives to every pod, or sooner.
    "(t.?key.orValue('') in ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']"
    " && t.?effect.orValue('') == 'NoExecute' && t.?tolerationSeconds.orValue(301) <= 300)"
    f" || (variables.mayUseGpus && t.?key.orValue('') == '{gpu.RESOURCE}' && t.?effect.orValue('') == 'NoSchedule')))"
)

TOLERATIONS = Rule(
    name="pod-tolerations",
    family=FAMILY,
    targets=WRITTEN,
    parametrised=True,
    conditions=(CHANGED,),
    variables=(
        ("mayUseGpus", f"size({listed('gpu-products')}) > 0"),
        ("foreign", FOREIGN_TOLERATIONS),
    ),
    checks=(
        Check(
            expression="size(variables.foreign) == 0",
            field="spec.tolerations",
            value="(variables.foreign[0].?key.orValue('') == '' ? 'of every taint'"
            " : '\"' + variables.foreign[0].key + '\"')",
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
            expression="object.spec.?nodeName.orValue('') == ''",
            field="spec.nodeName",
            value="'\"' + object.spec.nodeName + '\"'",
            what="chooses a node past the scheduler, its taints and the queue",
            fix="Remove it, and let the scheduler choose",
        ),
    ),
    attacks=("A19",),
)

REQUIRED = (
    "object.spec.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution.?nodeSelectorTerms.orValue([])"
)
PREFERRED = "object.spec.?affinity.?nodeAffinity.?preferredDuringSchedulingIgnoredDuringExecution.orValue([])"
OWN_EXPRESSION = (
    f"(e.key in {list(FREE_KEYS)}"
    f" || (e.key == '{POOL_LABEL}' && e.operator == 'In' && e.?values.orValue([]).all(v, v in variables.pools))"
    f" || (e.key == '{gpu.PRODUCT_LABEL}' && e.operator == 'In'"
    " && e.?values.orValue([]).all(v, v in variables.products))"
    # Keeps the pod away from nodes and leads to none; the fence of foreign GPUs is written so.
    f" || (e.key == '{gpu.PRODUCT_LABEL}' && e.operator == 'NotIn'))"
)
FENCED = (
    f"object.spec.?nodeSelector.orValue({{}}).exists(k, k in ['{POOL_LABEL}', '{gpu.PRODUCT_LABEL}'])"
    " || (size(variables.required) > 0 && variables.required.all(t, t.?matchExpressions.orValue([]).exists(e,"
    f" e.key in ['{POOL_LABEL}', '{gpu.PRODUCT_LABEL}'] && (e.operator == 'In'"
    " || (e.operator == 'NotIn' && variables.strangers.all(s, s in e.?values.orValue([])))))))"
)
WANTS_GPU_NODES = (
    f"{CONTAINERS}.exists(c, '{gpu.RESOURCE}' in c.?resources.?limits.orValue({{}}))"
    f" || object.spec.?tolerations.orValue([]).exists(t, t.?key.orValue('') == '{gpu.RESOURCE}')"
)

NODE_SELECTION = Rule(
    name="pod-node-selection",
    family=FAMILY,
    targets=WRITTEN,
    parametrised=True,
    conditions=(CHANGED,),
    variables=(
        ("pools", listed("node-pools")),
        ("products", listed("gpu-products")),
        ("strangers", listed("foreign-gpu-products")),
        ("selector", "object.spec.?nodeSelector.orValue({})"),
        ("required", REQUIRED),
        ("terms", f"variables.required + {PREFERRED}.map(p, p.preference)"),
        (
            "foreign",
            (
                f"variables.selector.filter(k, !(k in {list(FREE_KEYS)}"
                f" || (k == '{POOL_LABEL}' && variables.selector[k] in variables.pools)"
                f" || (k == '{gpu.PRODUCT_LABEL}' && variables.selector[k] in variables.products)))"
            ),
        ),
        ("foreignTerms", f"variables.terms.filter(t, t.?matchExpressions.orValue([]).exists(e, !{OWN_EXPRESSION}))"),
    ),
    checks=(
        Check(
            expression="size(variables.foreign) == 0",
            field="spec.nodeSelector",
            value="'\"' + variables.foreign[0] + '=' + variables.selector[variables.foreign[0]] + '\"'",
            what="leads to nodes that are not this team's to choose",
            fix="Name one of the team's own pools, or none",
        ),
        Check(
            expression="size(variables.foreignTerms) == 0",
            field="spec.affinity.nodeAffinity",
            value=f"'\"' + variables.foreignTerms[0].matchExpressions.filter(e, !{OWN_EXPRESSION})[0].key + '\"'",
            what="leads to nodes that are not this team's to choose",
            fix="Name one of the team's own pools, or none",
        ),
        Check(
            expression="variables.terms.all(t, size(t.?matchFields.orValue([])) == 0)",
            field="spec.affinity.nodeAffinity",
            what="chooses a node by its name",
            fix="Remove matchFields",
        ),
        Check(
            expression=f"size(variables.strangers) == 0 || !({WANTS_GPU_NODES}) || {FENCED}",
            field="spec.nodeSelector",
            what="leaves open which GPU the pod gets, and the cluster has some that are not this team's",
            fix=f"Write {gpu.PRODUCT_LABEL} with the GPU's product",
        ),
    ),
    attacks=("A19",),
)

_POD_TERMS = " + ".join(
    f"object.spec.?affinity.?{kind}.?requiredDuringSchedulingIgnoredDuringExecution.orValue([])"
    f" + object.spec.?affinity.?{kind}.?preferredDuringSchedulingIgnoredDuringExecution.orValue([])"
    ".map(p, p.podAffinityTerm)"
    for kind in ("podAffinity", "podAntiAffinity")
)

AFFINITY = Rule(
    name="pod-affinity",
    family=FAMILY,
    targets=CREATED,
    variables=(("terms", _POD_TERMS),),
    checks=(
        Check(
            # Anti-affinity works both ways: against all namespaces, one pod keeps everybody off its node.
            expression="variables.terms.all(t, !has(t.namespaceSelector)"
            " && t.?namespaces.orValue([]).all(n, n == request.namespace))",
            field="spec.affinity",
            what="looks at pods of other teams",
            fix="Remove namespaces and namespaceSelector",
        ),
    ),
    attacks=("A19",),
)

RULES = (TOLERATIONS, NODE_NAME, NODE_SELECTION, AFFINITY)
