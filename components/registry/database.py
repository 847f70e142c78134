"""The PostgreSQL of a team's registry: runs, models and their versions. It is no other part's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.pipelines import env
from components.pipelines.config import CONFIG
from components.pipelines.credentials import ROTATION, generated, version
from components.pipelines.deployment import Part, deploy
from components.pipelines.service_accounts import account
from components.registry.place import Place
from tenantry.pipelines.config import digest
from tenantry.registry import words
from tenantry.registry.footprint import DATABASE_GIB, PARTS
from tenantry.registry.scripts import CREATE, DATABASE_ARGUMENTS, START_DATABASE

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import ContainerArgsDict, ProbeArgsDict

POSTGRES = 999
"""User and group of the image."""
VOLUME = "/var/lib/postgresql/data"
PASSWORDS = {"MLFLOW_PASSWORD": "password", "POSTGRES_PASSWORD": "root-password"}
"""Variables and their keys in the Secret."""


def database(place: Place) -> pulumi.Output[str]:
    """The server, its volume and its Secret; a version of the Secret that changes when the password does.

    A database that is elsewhere has its Secret made by whoever runs it, and nothing is made here.
    """
    if not place.database.in_namespace:
        return pulumi.Output.from_input("")
    secret = generated(place, words.DATABASE, {"username": words.DATABASE_USER}, ["password", "root-password"])
    volume = place.claim(words.DATABASE, DATABASE_GIB)
    scripts = {"mlflow.sh": CREATE}
    config = place.config(words.DATABASE, scripts)
    pods = deploy(
        place,
        Part(
            name=words.DATABASE,
            account=account(place, words.DATABASE),
            resources=PARTS[words.DATABASE],
            user=POSTGRES,
            group=POSTGRES,
            owns_volumes=True,
            restarts_on={ROTATION: version(secret), CONFIG: digest(scripts)},
            container=_server(place),
            volumes=[
                {"name": "data", "persistent_volume_claim": {"claim_name": volume.metadata.name}},
                {"name": "scripts", "config_map": {"name": config.metadata.name}},
            ],
        ),
    )
    ports = [("tcp-postgresql", words.DATABASE_PORT, words.DATABASE_PORT)]
    place.service(words.DATABASE, words.DATABASE, ports, pods)
    return version(secret)


def _server(place: Place) -> ContainerArgsDict:
    # Inside the pod anybody may ask. The port opens when a new volume or a crash's recovery is over.
    answers: ProbeArgsDict = {"exec_": {"command": ["pg_isready", "--host=127.0.0.1", "--username=postgres"]}}
    return {
        "name": "postgres",
        "image": place.release.images["postgres"],
        "command": ["/bin/bash", "-ec", START_DATABASE, "start", *DATABASE_ARGUMENTS],
        "env": [
            *env.from_secret(words.DATABASE, PASSWORDS),
            # Below the root of the volume: a file system's `lost+found` there is no database.
            *env.plain({"PGDATA": f"{VOLUME}/pgdata"}),
        ],
        "ports": [{"name": "postgresql", "container_port": words.DATABASE_PORT}],
        "startup_probe": {**answers, "period_seconds": 5, "timeout_seconds": 5, "failure_threshold": 120},
        "readiness_probe": {**answers, "period_seconds": 10, "timeout_seconds": 5},
        "liveness_probe": {**answers, "period_seconds": 30, "timeout_seconds": 5, "failure_threshold": 6},
        "volume_mounts": [
            {"name": "data", "mount_path": VOLUME},
            {"name": "scripts", "mount_path": "/docker-entrypoint-initdb.d", "read_only": True},
        ],
    }
