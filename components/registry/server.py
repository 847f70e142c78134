"""MLflow's server: runs, registered models and the files of both, for one team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.pipelines import env
from components.pipelines.deployment import USER, Part, deploy, resources, restricted
from components.pipelines.service_accounts import account
from components.registry.place import Place
from tenantry import names
from tenantry.registry import words
from tenantry.registry.footprint import ARTIFACTS_GIB, PARTS
from tenantry.registry.scripts import UPGRADE
from tenantry.registry.server import allowed_hosts, command, store_variables, variables
from tenantry.registry.stores import FILES, PASSWORD
from tenantry.registry.stores import USER as DATABASE_USER

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import (
        ContainerArgsDict,
        EnvVarArgsDict,
        ProbeArgsDict,
        VolumeArgsDict,
        VolumeMountArgsDict,
    )

    from components.install import Annotations

HEALTHY: ProbeArgsDict = {"http_get": {"path": "/health", "port": words.PORT}, "timeout_seconds": 5}
"""The one address that is answered whatever the Host header says: the kubelet's is the pod's own."""
STORE_KEYS = {"AWS_ACCESS_KEY_ID": "accesskey", "AWS_SECRET_ACCESS_KEY": "secretkey"}


def server(place: Place, public: str | None, restarts_on: Annotations) -> None:
    """The server and its Service. It calls no API server, and gets no token."""
    environment = [
        *secrets(place),
        *env.plain(variables(place.database.uri)),
        *env.plain(store_variables(place.artifacts)),
    ]
    volumes, mounts = files(place)
    hosts = allowed_hosts(names.namespace(place.tenant), public)
    origins = [f"https://{public}"] if public else []
    pods = deploy(
        place,
        Part(
            name=words.SERVER,
            account=account(place, words.SERVER),
            resources=PARTS[words.SERVER],
            group=USER,
            owns_volumes=place.artifacts.on_volume,
            restarts_on=restarts_on,
            init=[upgrade(place, environment)],
            container={
                "name": "mlflow",
                "image": place.release.images["mlflow"],
                "command": [*command(place.artifacts.destination, hosts, origins)],
                "env": environment,
                "ports": [{"name": "http", "container_port": words.PORT}],
                # The first start makes a hundred tables.
                "startup_probe": {**HEALTHY, "period_seconds": 5, "failure_threshold": 60},
                "readiness_probe": {**HEALTHY, "period_seconds": 10},
                "liveness_probe": {**HEALTHY, "period_seconds": 30, "failure_threshold": 6},
                "volume_mounts": mounts,
            },
            volumes=volumes,
        ),
    )
    place.service(words.SERVER, words.SERVER, [("http", words.PORT, words.PORT)], pods)


def secrets(place: Place) -> list[EnvVarArgsDict]:
    """Who the server is to the database and to the object store. First, because the database's address names them."""
    keys = env.from_secret(place.database.secret, {DATABASE_USER: "username", PASSWORD: "password"})
    store = place.artifacts.store
    return [*keys, *(env.from_secret(store.secret, STORE_KEYS) if store and store.secret else [])]


def files(place: Place) -> tuple[list[VolumeArgsDict], list[VolumeMountArgsDict]]:
    """The volume of the artifacts, for a registry that has one."""
    if not place.artifacts.on_volume:
        return [], []
    claim = place.claim(words.ARTIFACTS, ARTIFACTS_GIB)
    return (
        [{"name": "artifacts", "persistent_volume_claim": {"claim_name": claim.metadata.name}}],
        [{"name": "artifacts", "mount_path": FILES}],
    )


def upgrade(place: Place, environment: list[EnvVarArgsDict]) -> ContainerArgsDict:
    """Brings the tables of an older release up to date, before the server looks at them."""
    return {
        "name": "upgrade-database",
        "image": place.release.images["mlflow"],
        "image_pull_policy": "IfNotPresent",
        "command": ["/bin/sh", "-ec", UPGRADE],
        "env": environment,
        "resources": resources(PARTS[words.SERVER]),
        "security_context": restricted(USER, USER),
    }
