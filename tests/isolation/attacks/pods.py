"""Pods that a namespace's walls do not hold by themselves: A15 to A25, A50."""

from __future__ import annotations

from collections.abc import Iterable

from tests.isolation.attack import DEVELOPER, EVERYBODY, Attack
from tests.isolation.calls import Json, create
from tests.isolation.guards import Stop, denied, exceeded, insecure
from tests.isolation.objects import container, pod, pod_spec


def pods(
    row: str,
    name: str,
    bad: Json,
    *stops: Stop,
    good: Json | None = None,
    routes: Iterable[str] = ("pod", "deployment"),
) -> list[Attack]:
    """The same pod by itself and in a workload's template. `good` is the control's spec."""
    fine = pod_spec() if good is None else good
    return [
        Attack(
            row=row,
            name=name,
            call=create("pods", pod(bad)),
            control=create("pods", pod(fine)),
            stops=stops,
            identities=EVERYBODY if route == "pod" else (DEVELOPER,),
            route=route,
            template=(bad, fine),
        )
        for route in routes
    ]


def secured(**change: object) -> Json:
    """A pod whose container's security context differs in one field."""
    context = container()["securityContext"] | change
    return pod_spec(container(securityContext=context))


HOST_PORT = pod_spec(container(ports=[{"containerPort": 80, "hostPort": 80}]))
HOST_PATH = pod_spec(volumes=[{"name": "host", "hostPath": {"path": "/"}}])
EMPTY_DIR = pod_spec(volumes=[{"name": "host", "emptyDir": {}}])

POD_SECURITY = (
    *pods("A15", "privileged", secured(privileged=True, allowPrivilegeEscalation=True), insecure("privileged")),
    *pods(
        "A15", "capability-added", secured(capabilities={"drop": ["ALL"], "add": ["SYS_ADMIN"]}), insecure("SYS_ADMIN")
    ),
    *pods("A15", "runs-as-root", secured(runAsUser=0), insecure("runAsUser=0"), good=secured(runAsUser=1000)),
    *pods("A15", "may-be-root", secured(runAsNonRoot=False), insecure("runAsNonRoot != true")),
    *pods("A15", "escalates", secured(allowPrivilegeEscalation=True), insecure("allowPrivilegeEscalation != false")),
    *pods("A15", "unconfined", secured(seccompProfile={"type": "Unconfined"}), insecure("seccompProfile")),
    *pods("A15", "host-path", HOST_PATH, insecure('restricted volume type "hostPath"'), good=EMPTY_DIR),
    *pods("A15", "host-pid", pod_spec(hostPID=True), insecure("hostPID=true")),
    *pods("A15", "host-ipc", pod_spec(hostIPC=True), insecure("hostIPC=true")),
    *pods("A15", "host-network", pod_spec(hostNetwork=True), insecure("hostNetwork=true")),
    *pods("A15", "host-port", HOST_PORT, insecure("hostPort"), good=pod_spec(container(ports=[{"containerPort": 80}]))),
)


def tolerating(**toleration: object) -> Json:
    """A pod that tolerates something."""
    return pod_spec(tolerations=[toleration])


PLACES = (
    *pods("A18", "toleration-exists", tolerating(operator="Exists"), denied("pod-tolerations", "spec.tolerations")),
    *pods(
        "A18",
        "toleration-of-another-taint",
        tolerating(key="pool", operator="Equal", value="team-ab", effect="NoSchedule"),
        denied("pod-tolerations", '"pool"'),
        good=tolerating(key="nvidia.com/gpu", operator="Exists", effect="NoSchedule"),
    ),
    *pods(
        "A18",
        "toleration-of-control-planes",
        tolerating(key="node-role.kubernetes.io/control-plane", operator="Exists", effect="NoSchedule"),
        denied("pod-tolerations"),
    ),
    *pods(
        "A18",
        "toleration-for-ever",
        tolerating(key="node.kubernetes.io/unreachable", operator="Exists", effect="NoExecute"),
        denied("pod-tolerations"),
        good=tolerating(
            key="node.kubernetes.io/unreachable", operator="Exists", effect="NoExecute", tolerationSeconds=300
        ),
    ),
    *pods("A19", "node-name", pod_spec(nodeName="h100-0"), denied("pod-node-name", '"h100-0"')),
)

HUGE = pod_spec(container(resources={"requests": {"cpu": "9", "memory": "16Mi"}, "limits": {"memory": "16Mi"}}))
GREEDY = pod_spec(
    container(resources={"requests": {"cpu": "10m"}, "limits": {"memory": "16Mi", "nvidia.com/gpu": "7"}})
)
MODEST = pod_spec(
    container(resources={"requests": {"cpu": "10m"}, "limits": {"memory": "16Mi", "nvidia.com/gpu": "1"}})
)

AMOUNTS = (
    *pods("A22", "cpu", HUGE, exceeded("requests.cpu")),
    *pods("A22", "gpu", GREEDY, exceeded("requests.nvidia.com/gpu"), good=MODEST),
)

ATTACKS: tuple[Attack, ...] = (*POD_SECURITY, *PLACES, *AMOUNTS)
