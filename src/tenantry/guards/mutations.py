"""What ordinary pods lack to pass the rules and Pod Security `restricted`, filled in. What is written stays.

MutatingAdmissionPolicy is served as v1 from Kubernetes 1.36 on. Before, pods must bring these by themselves: every
rule holds without them.
"""

from __future__ import annotations

from tenantry import gpu
from tenantry.guards.parameters import listed
from tenantry.guards.placement import REQUIRED
from tenantry.guards.pods import CONTAINERS, CREATED
from tenantry.guards.rule import Mutation


def _when(condition: str, path: str, value: str, operation: str = "add") -> str:
    """CEL of a list with one operation of a JSON patch, or none."""
    given = f", value: {value}" if value else ""
    return f"({condition} ? [JSONPatch{{op: '{operation}', path: {path}{given}}}] : [])"


def _containers(field: str) -> str:
    """CEL of the operations that complete every container of a list: no escalation, no capabilities."""
    at = f"'/spec/{field}/' + string(i) + '/securityContext"
    # A literal's values have one type, unless they say that they have any.
    whole = "{'allowPrivilegeEscalation': dyn(false), 'capabilities': dyn({'drop': ['ALL']})}"
    context = "has(c.securityContext)"
    missing = {
        f"!{context}": (f"{at}'", whole),
        f"{context} && !has(c.securityContext.allowPrivilegeEscalation)": (f"{at}/allowPrivilegeEscalation'", "false"),
        f"{context} && !has(c.securityContext.capabilities)": (f"{at}/capabilities'", "{'drop': ['ALL']}"),
        f"{context} && has(c.securityContext.capabilities) && !has(c.securityContext.capabilities.drop)": (
            f"{at}/capabilities/drop'",
            "['ALL']",
        ),
    }
    return " + ".join(
        f"object.spec.?{field}.orValue([]).transformList(i, c, {condition},"
        f" JSONPatch{{op: 'add', path: {path}, value: {value}}})"
        for condition, (path, value) in missing.items()
    )


POD_LEVEL = " + ".join(
    [
        _when("!has(object.spec.securityContext)", "'/spec/securityContext'", "{}"),
        _when(
            "!has(object.spec.securityContext) || !has(object.spec.securityContext.runAsNonRoot)",
            "'/spec/securityContext/runAsNonRoot'",
            "true",
        ),
        _when(
            "!has(object.spec.securityContext) || !has(object.spec.securityContext.seccompProfile)",
            "'/spec/securityContext/seccompProfile'",
            "{'type': 'RuntimeDefault'}",
        ),
    ]
)

SECURITY = Mutation(
    name="pod-security-defaults",
    targets=CREATED,
    # Pods for Windows may have none of these.
    conditions=(("linux", "object.spec.?os.?name.orValue('linux') == 'linux'"),),
    patches=(
        ("JSONPatch", POD_LEVEL),
        ("JSONPatch", _containers("containers")),
        ("JSONPatch", _containers("initContainers")),
    ),
)

PRIORITY = Mutation(
    name="pod-priority-default",
    targets=CREATED,
    parametrised=True,
    conditions=(("no-class", "object.spec.?priorityClassName.orValue('') == ''"),),
    patches=(
        (
            "JSONPatch",
            " + ".join(
                [
                    _when("true", "'/spec/priorityClassName'", f"{listed('priority-classes')}[0]"),
                    # Numbers of no class, which the API server has written by now, and refuses with another class.
                    _when("has(object.spec.priority)", "'/spec/priority'", "", "remove"),
                    _when("has(object.spec.preemptionPolicy)", "'/spec/preemptionPolicy'", "", "remove"),
                ]
            ),
        ),
    ),
)

ASKS_GPU = f"{CONTAINERS}.exists(c, '{gpu.RESOURCE}' in c.?resources.?limits.orValue({{}}))"
TOLERATION = f"{{'key': '{gpu.RESOURCE}', 'operator': 'Exists', 'effect': 'NoSchedule'}}"

GPU_TOLERATION = Mutation(
    name="pod-gpu-toleration",
    targets=CREATED,
    conditions=(
        ("asks-for-gpus", ASKS_GPU),
        ("has-none", f"!object.spec.?tolerations.orValue([]).exists(t, t.?key.orValue('') == '{gpu.RESOURCE}')"),
    ),
    patches=(
        (
            "JSONPatch",
            (
                "has(object.spec.tolerations)"
                f" ? [JSONPatch{{op: 'add', path: '/spec/tolerations/-', value: {TOLERATION}}}]"
                f" : [JSONPatch{{op: 'add', path: '/spec/tolerations', value: [{TOLERATION}]}}]"
            ),
        ),
    ),
)

STRANGERS = listed("foreign-gpu-products")
FENCE = f"{{'key': dyn('{gpu.PRODUCT_LABEL}'), 'operator': dyn('NotIn'), 'values': dyn(variables.strangers)}}"
_AFFINITY = "'/spec/affinity"
_NODES = f"{_AFFINITY}/nodeAffinity"
_TERMS = f"{_NODES}/requiredDuringSchedulingIgnoredDuringExecution"
_INTO_TERMS = (
    f"variables.required.transformList(i, t, has(t.matchExpressions)"
    f" ? JSONPatch{{op: 'add', path: {_TERMS}/nodeSelectorTerms/' + string(i) + '/matchExpressions/-', value: {FENCE}}}"
    f" : JSONPatch{{op: 'add', path: {_TERMS}/nodeSelectorTerms/' + string(i) + '/matchExpressions',"
    f" value: [{FENCE}]}})"
)
_NEW_TERM = " + ".join(
    [
        _when("!has(object.spec.affinity)", f"{_AFFINITY}'", "{}"),
        _when("!has(object.spec.affinity) || !has(object.spec.affinity.nodeAffinity)", f"{_NODES}'", "{}"),
        _when("true", f"{_TERMS}'", f"{{'nodeSelectorTerms': [{{'matchExpressions': [{FENCE}]}}]}}"),
    ]
)

GPU_FENCE = Mutation(
    name="pod-gpu-fence",
    targets=CREATED,
    parametrised=True,
    variables=(("strangers", STRANGERS), ("required", REQUIRED)),
    conditions=(
        (
            "not-yet",
            (
                f"!({REQUIRED}.exists(t, t.?matchExpressions.orValue([])"
                f".exists(e, e.key == '{gpu.PRODUCT_LABEL}' && e.operator == 'NotIn')))"
            ),
        ),
    ),
    patches=(
        (
            "JSONPatch",
            f"size(variables.strangers) == 0 ? [] : (size(variables.required) > 0 ? {_INTO_TERMS} : ({_NEW_TERM}))",
        ),
    ),
)

MUTATIONS = (SECURITY, PRIORITY, GPU_TOLERATION, GPU_FENCE)
