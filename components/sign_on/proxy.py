"""The proxies of one team: a pod with one a service, and the key of their cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.pipelines.credentials import ROTATION, generated, version
from components.pipelines.deployment import pod_security, resources, restricted
from components.sign_on.place import Place
from tenantry import names
from tenantry.sign_on.arguments import AUTHORITY, CLIENT_SECRET, COOKIE_SECRET, FOLDERS, arguments
from tenantry.sign_on.footprint import PROXY
from tenantry.versions import SIGN_ON_IMAGE

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import ContainerArgsDict, ProbeArgsDict, VolumeArgsDict

USER = 65532
"""User of the image, which has no shell and no other."""


def proxies(place: Place) -> None:
    """The Deployment, and the Service in front of it with a port a service."""
    # What cookies are sealed with, and no other team's: a cookie of one team's host says nothing at another's.
    secret = generated(place, names.sign_on(place.tenant), known={}, secret=[COOKIE_SECRET])
    k8s.apps.v1.Deployment(
        f"{place.name}-proxy",
        metadata=place.own(),
        spec={
            "replicas": 1,
            "selector": {"match_labels": place.pods},
            "template": {
                "metadata": {"labels": place.pods, "annotations": {ROTATION: version(secret)}},
                "spec": {
                    "service_account_name": names.SIGN_ON_NAMESPACE,
                    "automount_service_account_token": False,
                    "enable_service_links": False,
                    "security_context": pod_security(None),
                    "containers": [container(place, host) for host in place.behind],
                    "volumes": volumes(place),
                },
            },
        },
        opts=place.here,
    )
    k8s.core.v1.Service(
        f"{place.name}-service",
        metadata=place.own(),
        spec={
            "type": "ClusterIP",
            "selector": place.pods,
            "ports": [
                {"name": one.service, "port": one.listens, "target_port": one.listens, "protocol": "TCP"}
                for one in place.behind.values()
            ],
        },
        opts=place.here,
    )


def container(place: Place, host: str) -> ContainerArgsDict:
    """The proxy before one host."""
    upstream = place.behind[host]
    return {
        "name": upstream.service,
        "image": SIGN_ON_IMAGE,
        "image_pull_policy": "IfNotPresent",
        "args": arguments(place.door(host)),
        "ports": [{"name": upstream.service, "container_port": upstream.listens}],
        "readiness_probe": asked("/ready", upstream.listens),
        "liveness_probe": asked("/ping", upstream.listens),
        "resources": resources(PROXY),
        "security_context": {**restricted(USER, USER), "read_only_root_filesystem": True},
        "volume_mounts": [{"name": key, "mount_path": folder, "read_only": True} for key, folder in FOLDERS.items()],
    }


def asked(path: str, port: int) -> ProbeArgsDict:
    """Asks the proxy how it is; it answers these two paths without a session."""
    return {"http_get": {"path": path, "port": port}, "period_seconds": 10, "timeout_seconds": 2}


def volumes(place: Place) -> list[VolumeArgsDict]:
    """The two Secrets: the client's, which the platform team makes, and the key of cookies."""
    client = (CLIENT_SECRET, AUTHORITY) if place.sign_on.private_ca else (CLIENT_SECRET,)
    secrets = {
        CLIENT_SECRET: (names.SIGN_ON_NAMESPACE, client),
        COOKIE_SECRET: (names.sign_on(place.tenant), (COOKIE_SECRET,)),
    }
    return [
        {"name": name, "secret": {"secret_name": secret, "items": [{"key": key, "path": key} for key in keys]}}
        for name, (secret, keys) in secrets.items()
    ]
