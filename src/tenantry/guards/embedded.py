"""Pod specs inside other kinds: judged where a person writes them, so that the answer comes at once.

The pods that are made of them meet the rules of pods again, so what is only known then (values that a workflow
fills in, images, what injected containers ask for) is judged then.
"""

from __future__ import annotations

from tenantry import gpu, names
from tenantry.guards.cel import listing
from tenantry.guards.parameters import listed
from tenantry.guards.rule import Check

ACCOUNTS = listing(("", "default", *names.WORKLOAD_ACCOUNTS))
"""Service accounts that workloads may name."""

PARAMETERS = (
    ("priorityClasses", listed("priority-classes")),
    ("mayUseGpus", f"size({listed('gpu-products')}) > 0"),
)
"""Variables that `checks` needs besides `pods` and `containers`, which it says itself."""

_TOLERATED = (
    "(t.?key.orValue('') in ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']"
    " && t.?effect.orValue('') == 'NoExecute' && t.?tolerationSeconds.orValue(301) <= 300)"
    f" || (variables.mayUseGpus && t.?key.orValue('') == '{gpu.RESOURCE}' && t.?effect.orValue('') == 'NoSchedule')"
)
_HOST = "p.?hostNetwork.orValue(false) || p.?hostPID.orValue(false) || p.?hostIPC.orValue(false)"
_CLASS = "p.?{0}.orValue('') == '' || p.{0} in variables.priorityClasses"
_PRIVILEGED = (
    "c.?securityContext.?privileged.orValue(false) || c.?securityContext.?allowPrivilegeEscalation.orValue(false)"
    " || c.?securityContext.?runAsUser.orValue(1) == 0"
    " || size(c.?securityContext.?capabilities.?add.orValue([])) > 0"
)


def checks(where: str) -> tuple[Check, ...]:
    """What is asked of every pod spec in the lists of `pods`, and every container in the lists of lists `containers`.

    Args:
        where: The field that holds the pod specs, as in `spec.templates`.
    """
    return (
        _check(where, "nodeName", "p.?nodeName.orValue('') == ''", "chooses a node past the scheduler"),
        _check(where, "hostNetwork", f"!({_HOST})", "shares the node's network, processes or memory"),
        _check(
            where,
            "schedulerName",
            "p.?schedulerName.orValue('') in ['', 'default-scheduler']",
            "is not the cluster's scheduler",
        ),
        _check(
            where,
            "priorityClassName",
            " && ".join(f"({_CLASS.format(field)})" for field in ("priorityClassName", "podPriorityClassName")),
            "is another tier's or the cluster's own",
        ),
        _check(where, "runtimeClassName", "p.?runtimeClassName.orValue('') == ''", "changes how containers are fenced"),
        _check(
            where,
            "tolerations",
            f"p.?tolerations.orValue([]).all(t, {_TOLERATED})",
            "is not one that this team may have",
        ),
        _check(
            where,
            "nodeSelector",
            "!('kubernetes.io/hostname' in p.?nodeSelector.orValue({}))",
            "chooses a node past the queue",
        ),
        _check(where, "volumes", "!p.?volumes.orValue([]).exists(v, has(v.hostPath))", "mounts a folder of the node"),
        _check(where, "resourceClaims", "size(p.?resourceClaims.orValue([])) == 0", "passes the quota of GPUs"),
        Check(
            expression=f"!variables.containers.exists(lists, lists.exists(list, list.exists(c, {_PRIVILEGED})))",
            field=f"{where}.containers.securityContext",
            what="asks for more than Pod Security restricted allows",
            fix="Remove privileged, allowPrivilegeEscalation, capabilities.add and runAsUser: 0",
        ),
    )


def _check(where: str, field: str, condition: str, what: str) -> Check:
    return Check(
        expression=f"variables.pods.all(list, list.all(p, {condition}))",
        field=f"{where}.{field}",
        what=what,
        fix="Remove it",
    )
