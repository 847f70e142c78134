"""The team's MySQL: definitions, runs and schedules of Pipelines, and what ML Metadata knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.pipelines import env
from components.pipelines.config import CONFIG
from components.pipelines.credentials import ROTATION, generated, version
from components.pipelines.deployment import Part, deploy
from components.pipelines.place import Place
from components.pipelines.service_accounts import account
from tenantry.pipelines import words
from tenantry.pipelines.config import digest
from tenantry.pipelines.footprint import DATABASE_GIB
from tenantry.pipelines.scripts import DATABASE_ARGUMENTS, START_DATABASE, grants

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import ContainerArgsDict, ProbeArgsDict

USER = "pipelines"
"""User of all parts. It owns two schemas and is no administrator; `root` is let in from inside the pod only."""
MYSQL = 999
"""User and group of the image."""
GRANTS = "mysql-grants"


def database(place: Place) -> pulumi.Output[str]:
    """The server, its volume and its Secret; a version of the Secret that changes when the password does.

    A database that is elsewhere has its Secret made by whoever runs it, and nothing is made here.
    """
    if not place.database.in_namespace:
        return pulumi.Output.from_input("")
    secret = generated(place, words.DATABASE_SECRET, {"username": USER}, ["password", "root-password"])
    volume = place.claim("mysql-pv-claim", DATABASE_GIB)
    sql = {"grants.sql": grants(USER, "metadb")}
    config = place.config(GRANTS, sql)
    pods = deploy(
        place,
        Part(
            name=words.DATABASE,
            account=account(place, words.DATABASE),
            user=MYSQL,
            group=MYSQL,
            owns_volumes=True,
            restarts_on={ROTATION: version(secret), CONFIG: digest(sql)},
            container=_server(place),
            volumes=[
                {"name": "data", "persistent_volume_claim": {"claim_name": volume.metadata.name}},
                {"name": "credentials", "empty_dir": {"medium": "Memory", "size_limit": "1Mi"}},
                {"name": "grants", "config_map": {"name": config.metadata.name}},
            ],
        ),
    )
    place.service(words.DATABASE, words.DATABASE, [("tcp-mysql", words.DATABASE_PORT, words.DATABASE_PORT)], pods)
    return version(secret)


def _server(place: Place) -> ContainerArgsDict:
    keys = {"MYSQL_USER": "username", "MYSQL_PASSWORD": "password", "MYSQL_ROOT_PASSWORD": "root-password"}
    answers: ProbeArgsDict = {"tcp_socket": {"port": words.DATABASE_PORT}}
    return {
        "name": "mysql",
        "image": place.release.images["mysql"],
        "command": ["/bin/bash", "-ec", START_DATABASE, "start", *DATABASE_ARGUMENTS],
        "env": [
            *env.from_secret(words.DATABASE_SECRET, keys),
            *env.plain({"MYSQL_DATABASE": "mlpipeline", "MYSQL_ROOT_HOST": "localhost"}),
        ],
        "ports": [{"name": "mysql", "container_port": words.DATABASE_PORT}],
        # A new volume takes minutes, and so does a crash's recovery. The port opens when both are over.
        "startup_probe": {**answers, "period_seconds": 5, "failure_threshold": 120},
        "readiness_probe": {**answers, "period_seconds": 10},
        "liveness_probe": {**answers, "period_seconds": 30, "failure_threshold": 6},
        "volume_mounts": [
            # Below the root of the volume: a file system's `lost+found` there is no database.
            {"name": "data", "mount_path": "/var/lib/mysql", "sub_path": "mysql"},
            {"name": "credentials", "mount_path": "/run/credentials"},
            {"name": "grants", "mount_path": "/docker-entrypoint-initdb.d", "read_only": True},
        ],
    }
