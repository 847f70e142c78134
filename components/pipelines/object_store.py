"""The team's SeaweedFS: artifacts, logs and pipelines of a team whose environment has no object store of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.pipelines.credentials import ROTATION, generated, version
from components.pipelines.deployment import USER, Part, deploy
from components.pipelines.place import Place
from components.pipelines.service_accounts import account
from tenantry.pipelines import words
from tenantry.pipelines.footprint import STORE_GIB
from tenantry.pipelines.scripts import start_store

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import HTTPGetActionArgsDict

ARGUMENTS = ("server", "-dir=/data", "-s3", "-filer", "-master.volumePreallocate=false")
"""Without `-iam`, which would let anybody in the namespace make users: there is one user, made at the start."""


def object_store(place: Place, retention_days: int) -> k8s.core.v1.Secret | None:
    """The server, its volume and its Secret. A store that is elsewhere has no keys, and nothing is made here."""
    if not place.store.in_namespace:
        return None
    secret = generated(place, words.STORE_SECRET, {"accesskey": "pipelines"}, ["secretkey"])
    volume = place.claim("seaweedfs-pvc", STORE_GIB)
    answers: HTTPGetActionArgsDict = {"path": "/status", "port": words.STORE_S3}
    pods = deploy(
        place,
        Part(
            name=words.STORE,
            account=account(place, words.STORE),
            group=USER,
            owns_volumes=True,
            restarts_on={ROTATION: version(secret)},
            container={
                "name": "seaweedfs",
                "image": place.release.images["seaweedfs"],
                "args": list(ARGUMENTS),
                "env_from": [{"secret_ref": {"name": secret.metadata.name}}],
                "lifecycle": {
                    "post_start": {
                        "exec_": {"command": ["/bin/sh", "-c", start_store(place.store.bucket, retention_days)]}
                    }
                },
                "ports": [{"name": "s3", "container_port": words.STORE_S3}],
                # Not ready before its user is there: until then the store believes everybody.
                "startup_probe": {
                    "exec_": {"command": ["test", "-f", "/tmp/ready"]},  # noqa: S108 - in the container
                    "period_seconds": 5,
                    "failure_threshold": 60,
                },
                "readiness_probe": {"http_get": answers, "period_seconds": 10, "timeout_seconds": 5},
                "liveness_probe": {"http_get": answers, "period_seconds": 30, "timeout_seconds": 10},
                "volume_mounts": [{"name": "data", "mount_path": "/data"}],
            },
            volumes=[{"name": "data", "persistent_volume_claim": {"claim_name": volume.metadata.name}}],
        ),
    )
    ports = [("http-s3", words.STORE_S3, words.STORE_S3), ("http-s3-compat", words.STORE_PORT, words.STORE_S3)]
    place.service(words.STORE, words.STORE, ports, pods)
    return secret
