"""Pods that a namespace's walls do not hold by themselves: A15 to A25, A50."""

from __future__ import annotations

from collections.abc import Iterable

from components.quota import OTHER_ACCELERATORS
from tests.isolation.attack import DEVELOPER, EVERYBODY, Attack
from tests.isolation.calls import Call, Json, create, merge, patch
from tests.isolation.guards import Stop, denied, exceeded, forbidden, insecure, refused
from tests.isolation.objects import container, deployment, obj, pod, pod_spec


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


PLACES: tuple[Attack, ...] = (
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

HOSTNAME = "kubernetes.io/hostname"


def required(*terms: Json) -> Json:
    """A pod that demands a node."""
    demand = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": list(terms)}}
    return pod_spec(affinity={"nodeAffinity": demand})


def near(**term: object) -> Json:
    """A pod that keeps away from other pods."""
    away = {"topologyKey": HOSTNAME, "labelSelector": {}} | term
    return pod_spec(affinity={"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [away]}})


def ranked(name: str) -> Json:
    """A pod of a priority class."""
    return pod_spec(priorityClassName=name)


SELECTION = "pod-node-selection"
POOL = {"key": "tenantry.dev/pool", "operator": "In"}
FIELD = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["h100-0"]}]}
OWN_POOL = {"matchExpressions": [POOL | {"values": ["a10g"]}]}
THEIR_POOL = {"matchExpressions": [POOL | {"values": ["h100"]}]}
SYSTEM_CLASS = (denied("pod-priority"), exceeded("pods", "no-system-priority"))
NUMBERED = pod_spec(priority=2000000000, priorityClassName="tenantry-standard")
CSI = [{"name": "host", "csi": {"driver": "host.example.com"}}]
PLACES += (
    *pods("A19", "hostname", pod_spec(nodeSelector={HOSTNAME: "h100-0"}), denied(SELECTION, HOSTNAME)),
    *pods(
        "A19",
        "pool-of-others",
        pod_spec(nodeSelector={"tenantry.dev/pool": "h100"}),
        denied(SELECTION, "h100"),
        good=pod_spec(nodeSelector={"tenantry.dev/pool": "a10g"}),
    ),
    *pods("A19", "affinity-to-others", required(THEIR_POOL), denied(SELECTION), good=required(OWN_POOL)),
    *pods("A19", "affinity-to-node", required(FIELD), denied(SELECTION, "name"), good=required(OWN_POOL)),
    *pods("A19", "keeps-others-away", near(namespaceSelector={}), denied("pod-affinity"), good=near()),
    *pods("A20", "scheduler", pod_spec(schedulerName="evil"), denied("pod-scheduler", "evil")),
    *pods(
        "A20",
        "gate",
        pod_spec(schedulingGates=[{"name": "evil/gate"}]),
        denied("pod-scheduler", "evil/gate"),
        good=pod_spec(schedulingGates=[{"name": "kueue.x-k8s.io/x"}]),
    ),
    *pods("A21", "system-node-critical", ranked("system-node-critical"), *SYSTEM_CLASS),
    *pods("A21", "system-cluster-critical", ranked("system-cluster-critical"), *SYSTEM_CLASS),
    *pods("A21", "class-of-others", ranked("tenantry-small"), denied("pod-priority"), good=ranked("tenantry-standard")),
    *pods(
        "A21",
        "raw-priority",
        NUMBERED,
        refused(403, "the integer value of priority .* must not be provided"),
        good=ranked("tenantry-standard"),
    ),
    *pods("A17", "runtime-class", pod_spec(runtimeClassName="unconfined"), denied("pod-runtime-class", "unconfined")),
    *pods("A30", "inline-driver", pod_spec(volumes=CSI), denied("pod-volumes", "host.example.com"), good=EMPTY_DIR),
)


def limited(**resources: Json) -> Json:
    """A pod with other requests or limits."""
    return pod_spec(container(resources={"requests": {"cpu": "10m"}, "limits": {"memory": "16Mi"}} | resources))


def devices(resource: str, amount: int = 1) -> Json:
    """A pod that asks for an extended resource."""
    return limited(limits={"memory": "16Mi", resource: str(amount)})


GPU = "nvidia.com/gpu"
TOO_MUCH: Json = {"requests": {"cpu": "9"}, "limits": {"memory": "1Gi"}}
ENOUGH: Json = {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}
FULL = exceeded("requests.cpu")


def helped(**fields: object) -> Json:
    """A pod with an init container."""
    return pod_spec(initContainers=[container("init", **fields)])


MIG = "nvidia.com/mig-1g.5gb"
BIG_MEMORY = limited(requests={"memory": "33Gi"}, limits={"memory": "33Gi"})
AMOUNTS: tuple[Attack, ...] = (
    *pods("A22", "cpu", limited(requests={"cpu": "9"}), FULL),
    *pods(
        "A22",
        "memory-limit",
        limited(requests={"memory": "16Mi"}, limits={"memory": "33Gi"}),
        exceeded("limits.memory"),
    ),
    *pods("A22", "memory", BIG_MEMORY, exceeded("requests.memory"), exceeded("limits.memory")),
    *pods("A22", "gpu", devices(GPU, 7), exceeded(f"requests.{GPU}"), good=devices(GPU)),
    *pods("A23", "mig-slice", devices(MIG), denied("pod-resources", MIG), good=devices(GPU)),
    *(
        attack
        for other in OTHER_ACCELERATORS
        for attack in pods(
            "A23",
            other.replace("/", "-"),
            devices(other),
            denied("pod-resources", other),
            exceeded(f"requests.{other}"),
            good=devices(GPU),
        )
    ),
    *pods(
        "A24",
        "claimed-device",
        pod_spec(resourceClaims=[{"name": "gpu", "resourceClaimName": "x"}]),
        denied("pod-resources", "resourceClaims"),
    ),
    *pods("A25", "init-container", helped(resources=TOO_MUCH), FULL, good=helped(resources=ENOUGH)),
    *pods(
        "A25",
        "sidecar",
        helped(restartPolicy="Always", resources=TOO_MUCH),
        FULL,
        good=helped(restartPolicy="Always", resources=ENOUGH),
    ),
    *pods("A25", "pod-level", pod_spec(resources=TOO_MUCH), FULL, good=pod_spec(resources=ENOUGH)),
)

EVIL = "evil.example.com/main:1.0"
IMAGES = "pod-images"


def pulled(name: str, image: str, words: str = "") -> list[Attack]:
    """A pod of another image."""
    return pods("A50", name, pod_spec(container(image=image)), denied(IMAGES, words))


IMAGE_ATTACKS = (
    *pulled("other-registry", EVIL, "evil.example.com"),
    *pulled("lookalike-registry", "registry.ml.sandbox.test.evil.com/main:1.0"),
    *pulled("lookalike-path", "docker.io/library-evil/main:1.0"),
    *pulled("other-port", "registry.ml.sandbox.test:5000/main:1.0"),
    *pulled("short-name-of-others", "evil/main:1.0"),
    *pulled("latest", "registry.ml.sandbox.test/main:latest", "tomorrow"),
    *pulled("no-tag", "registry.ml.sandbox.test/main", "tomorrow"),
    *pulled("digest-of-others", f"evil.example.com/main@sha256:{'0' * 64}"),
    *pods("A50", "init-container", helped(image=EVIL), denied(IMAGES), good=helped()),
)

PART = pod_spec(serviceAccountName="platform-part")
RUNNERS = pod_spec(serviceAccountName="pipeline-runner")
FOREIGN_ACCOUNT = denied("workload-accounts", "platform-part")
ACCOUNT_ATTACKS = (
    *pods("A35", "account-of-the-platform", PART, FOREIGN_ACCOUNT, good=RUNNERS, routes=("pod",)),
    Attack(
        row="A35",
        name="account-in-a-template",
        call=create("deployments", deployment("$name", PART)),
        control=create("deployments", deployment("$name", RUNNERS)),
        stops=(FOREIGN_ACCOUNT,),
        identities=EVERYBODY,
    ),
)

OWN = "/api/v1/namespaces/$own/pods/theirs"
LABELLED = merge(OWN, {"metadata": {"labels": {"a": "b"}}})


def changing(row: str, name: str, spec: Json, *stops: Stop, below: str = "", good: Json | None = None) -> Attack:
    """A change of a pod that was admitted and waits in the queue, or of a subresource below it."""
    path = f"{OWN}/{below}" if below else OWN
    more = (forbidden("patch", f"pods/{below}", "developer"),) if below else ()
    return Attack(
        row=row,
        name=name,
        call=merge(path, {"spec": spec}),
        control=merge(path, {"spec": good}) if good else LABELLED,
        stops=(*more, *stops),
        identities=EVERYBODY,
        wide=good is not None,
    )


def ephemeral(**change: object) -> Json:
    """A container to debug with."""
    return {"ephemeralContainers": [container("debug", resources=None, **change)]}


BOUND = obj("v1", "Binding", metadata={"name": "theirs"}, target={"kind": "Node", "name": "h100-0"})
MODEST = {"containers": [{"name": "main", "resources": {"requests": {"cpu": "20m"}}}]}
OTHER_DEVICE = {"containers": [{"name": "main", "resources": {"limits": {"amd.com/gpu": "1"}}}]}
GREEDY = {"containers": [{"name": "main", "resources": {"requests": {"cpu": "9"}}}]}


def bind(name: str, path: str, resource: str) -> Attack:
    """Putting a pod on a node without the scheduler."""
    return Attack(
        row="A20",
        name=name,
        call=Call(method="POST", path=path, body=BOUND),
        control=None,
        stops=(forbidden("create", resource, "developer"), denied("pod-binding")),
        identities=EVERYBODY,
        # The pod has a gate: past every guard, Kubernetes binds it only once the queue has opened that.
        reached="schedulingGates",
    )


CHANGES = (
    changing(
        "A16",
        "privileged",
        ephemeral(securityContext={"privileged": True}),
        insecure("privileged"),
        below="ephemeralcontainers",
        good=ephemeral(),
    ),
    changing(
        "A50",
        "ephemeral",
        ephemeral(image=EVIL),
        denied(IMAGES, update=True),
        below="ephemeralcontainers",
        good=ephemeral(),
    ),
    changing("A50", "update", {"containers": [container(image=EVIL)]}, denied(IMAGES, update=True)),
    Attack(
        row="A18",
        name="update",
        call=patch(OWN, {"op": "add", "path": "/spec/tolerations/-", "value": {"operator": "Exists"}}),
        control=LABELLED,
        stops=(denied("pod-tolerations", update=True),),
        identities=EVERYBODY,
    ),
    changing("A19", "update", {"nodeSelector": {HOSTNAME: "h100-0"}}, denied(SELECTION, update=True)),
    changing("A20", "open-the-gate", {"schedulingGates": []}, denied("pod-scheduler", "opened by the queue")),
    changing("A25", "resize", GREEDY, FULL, below="resize", good=MODEST),
    changing("A23", "resize", OTHER_DEVICE, refused(422, "resources"), below="resize", good=MODEST),
    bind("binding", f"{OWN}/binding", "pods/binding"),
    bind("bindings", "/api/v1/namespaces/$own/bindings", "bindings"),
)

ATTACKS: tuple[Attack, ...] = (*POD_SECURITY, *PLACES, *AMOUNTS, *IMAGE_ATTACKS, *ACCOUNT_ATTACKS, *CHANGES)
