"""Whether the cluster's network plugin enforces NetworkPolicies (`--full --network`).

A policy is only an object: a cluster whose plugin knows nothing of policies takes them all, and lets everything
through. So two pods are started in the tenant's namespace, and one of them tries to connect: to the other, which the
tenant's policies allow, and to the API server and the cloud's metadata service, which they do not. Were the first
not reached, the rest would say nothing.

Needs nodes that run pods, so never the sandbox; `kubectl` on PATH; and an image with a shell, `httpd` and `nc`, as
busybox has them, that the tenant may run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from tenantry.kube import Json
from tenantry.verify.check import BrokenError, Check
from tenantry.verify.probe import namespaced
from tenantry.verify.work import Scene, pods, scene_check, until

if TYPE_CHECKING:
    from testinfra.host import Host

IMAGE: Final = "docker.io/library/busybox:1.37.0"
PORT: Final = 8080
NOBODY: Final = 65534
"""User of both containers. busybox is root unless told otherwise, and root does not run here."""
START: Final = 180.0
"""Seconds that a pod has to start: an autoscaler may have to make a node first."""
METADATA: Final = "169.254.169.254"
"""Where clouds serve instances' credentials, on port 80."""
RUNBOOK: Final = "See docs/verify.md, Network"


@dataclass(frozen=True)
class Reach:
    """How pods are reached from here."""

    context: str
    kubeconfig: str | None
    """None: kubectl's own choice, `$KUBECONFIG`."""
    image: str = IMAGE

    def address(self, namespace: str, name: str) -> str:
        """A pod as testinfra addresses it: commands in it go through `kubectl exec`."""
        options = {"context": self.context, "namespace": namespace, "container": "main"}
        if self.kubeconfig:
            options["kubeconfig"] = self.kubeconfig
        return f"kubectl://{name}?{urlencode(options)}"

    def host(self, namespace: str, name: str) -> Host:
        """The inside of a pod."""
        import testinfra  # noqa: PLC0415 - 0.2 s, and only here

        return testinfra.get_host(self.address(namespace, name))


def network_check(scene: Scene, reach: Reach, api_server: str) -> Check:
    """The check that starts pods.

    Args:
        scene: Where, and as whom.
        reach: How to come into the pods.
        api_server: Address of the Service `default/kubernetes`, which answers in every cluster.
    """
    title = "a pod reaches its neighbour, and neither the API server nor the metadata service"
    return scene_check(scene, "network", title, partial(enforced, reach=reach, api_server=api_server))


def enforced(scene: Scene, reach: Reach, api_server: str) -> None:
    """Start both pods and try to connect.

    Raises:
        BrokenError: policies are not enforced, or the neighbour cannot be reached and so nothing is known.
    """
    server, client = (scene.make(network_pod(scene, reach.image, role), f"-{role}") for role in ("server", "client"))
    address = started(scene, server)
    started(scene, client)
    judge(reach.host(scene.facts.namespace, client["metadata"]["name"]), address, api_server)


def network_pod(scene: Scene, image: str, role: str) -> Json:
    """One of the two pods."""
    command = ["httpd", "-f", "-p", str(PORT)] if role == "server" else ["sleep", "600"]
    container = {"name": "main", "image": image, "command": command, "securityContext": {"runAsUser": NOBODY}}
    return namespaced(scene.facts, "v1", "Pod", {"spec": {"containers": [container], "restartPolicy": "Never"}})


def started(scene: Scene, pod: Json) -> str:
    """The pod's address, once it runs.

    Raises:
        BrokenError: it does not.
    """
    name = pod["metadata"]["name"]

    def look() -> str:
        found = next((one for one in pods(scene) if one["metadata"]["name"] == name), {})
        status = found.get("status") or {}
        return str(status.get("podIP") or "") if status.get("phase") == "Running" else ""

    if address := until(look, START):
        return address
    raise BrokenError(f"The pod {name} did not start in {START:.0f} s, so nothing is known of the network. {RUNBOOK}")


def judge(client: Host, neighbour: str, api_server: str) -> None:
    """Connect from a pod, and say what is wrong.

    Raises:
        BrokenError: as `enforced`.
    """
    if not client.addr(neighbour).port(PORT).is_reachable:
        raise BrokenError(f"A pod does not reach its neighbour {neighbour}:{PORT}, so nothing else is known. {RUNBOOK}")
    forbidden = {"the API server": (api_server, 443), "the metadata service": (METADATA, 80)}
    if found := [what for what, (host, port) in forbidden.items() if client.addr(host).port(port).is_reachable]:
        raise BrokenError(
            f"A pod reaches {' and '.join(found)}: the network plugin does not enforce the policies. {RUNBOOK}"
        )
