"""One part of an install as a Deployment: restricted, one of it, with requests and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.install import Annotations, Install
from components.metadata import NOTHING
from components.pipelines.place import Place
from components.pipelines.service_accounts import Account
from tenantry.pipelines.footprint import PARTS, WAIT, Resources

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import (
        ContainerArgsDict,
        EnvVarArgsDict,
        PodSecurityContextArgsDict,
        ProbeArgsDict,
        ResourceRequirementsArgsDict,
        SecurityContextArgsDict,
        VolumeArgsDict,
    )

USER = 1000
"""User that containers run as whose image has no other of its own. None of them runs as root."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A Deployment of one pod with one container."""

    name: str
    """Of the Deployment, and the value of the pods' label `app`."""
    container: ContainerArgsDict
    """Image, command, environment and probes; the rest is the same for all parts."""
    account: Account
    resources: Resources | None = None
    """Of the container. None: what `PARTS` says of the part of that name."""
    user: int | None = USER
    """User of the container. None: the image's own, which is a number other than root's."""
    group: int = 0
    """Group of the container."""
    owns_volumes: bool = False
    """Whether volumes are handed to the container's group."""
    init: Sequence[ContainerArgsDict] = ()
    volumes: Sequence[VolumeArgsDict] = ()
    restarts_on: Annotations = field(default_factory=dict)
    """Annotations of the pod: when one changes, it is made anew."""


def deploy(place: Install, part: Part, labels: Mapping[str, str] = NOTHING) -> k8s.apps.v1.Deployment:
    """The Deployment of a part."""
    pod_labels = {**labels, **place.pod_labels(part.name)}
    container: ContainerArgsDict = {
        "image_pull_policy": "IfNotPresent",
        **part.container,
        "resources": resources(part.resources or PARTS[part.name]),
        "security_context": restricted(part.user, part.group),
    }
    return k8s.apps.v1.Deployment(
        f"{place.name}-{part.name}",
        metadata=place.meta(part.name, {"app": part.name}),
        spec={
            "replicas": 1,
            "selector": {"match_labels": {"app": part.name}},
            # Never two of one part: they would share a volume or a lease, and the quota has room for one.
            "strategy": {"type": "Recreate"},
            "template": {
                "metadata": {"labels": pod_labels, "annotations": dict(part.restarts_on)},
                "spec": {
                    "service_account_name": part.account.name,
                    "automount_service_account_token": part.account.calls,
                    # Addresses are given by name. Variables for every Service of the team would only collide with them.
                    "enable_service_links": False,
                    "security_context": pod_security(part.group if part.owns_volumes else None),
                    "init_containers": list(part.init),
                    "containers": [container],
                    "volumes": list(part.volumes),
                },
            },
        },
        opts=place.after(*part.account.needs),
    )


def api_health(port: int) -> ProbeArgsDict:
    """Asks for the health of Pipelines' API: of the server, or through the user interface, which passes it on."""
    return {
        "http_get": {"path": "/apis/v1beta1/healthz", "port": port},
        "initial_delay_seconds": 3,
        "period_seconds": 5,
        "timeout_seconds": 2,
    }


def restricted(user: int | None, group: int) -> SecurityContextArgsDict:
    """What Pod Security `restricted` asks of a container."""
    context: SecurityContextArgsDict = {
        "allow_privilege_escalation": False,
        "capabilities": {"drop": ["ALL"]},
        "run_as_non_root": True,
        "seccomp_profile": {"type": "RuntimeDefault"},
    }
    return {**context, "run_as_user": user, "run_as_group": group} if user is not None else context


def pod_security(volume_group: int | None) -> PodSecurityContextArgsDict:
    """What Pod Security `restricted` asks of a pod."""
    context: PodSecurityContextArgsDict = {"run_as_non_root": True, "seccomp_profile": {"type": "RuntimeDefault"}}
    if volume_group is None:
        return context
    return {**context, "fs_group": volume_group, "fs_group_change_policy": "OnRootMismatch"}


def resources(one: Resources) -> ResourceRequirementsArgsDict:
    """Requests and limits of a container."""
    manifest = one.manifest()
    return {"limits": manifest["limits"], "requests": manifest["requests"]}


WAITING = """
for attempt in $(seq 1 60); do
  if nc -z -w 2 "$WAIT_HOST" "$WAIT_PORT"; then exit 0; fi
  echo "waiting for $WAIT_HOST:$WAIT_PORT"; sleep 5
done
exit 1
"""
"""Five minutes; then the pod starts over, and says so in its status."""


def wait_for(place: Place, what: str, env: Sequence[EnvVarArgsDict]) -> ContainerArgsDict:
    """An init container that ends when a port answers: the programs here give up where it does not."""
    return {
        "name": f"wait-for-{what}",
        "image": place.release.images["wait"],
        "image_pull_policy": "IfNotPresent",
        "command": ["/bin/sh", "-ec", WAITING],
        "env": list(env),
        "resources": resources(WAIT),
        "security_context": restricted(USER, USER),
    }
