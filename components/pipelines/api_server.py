"""The API server of Pipelines: definitions, runs and schedules of one team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from components.pipelines import env
from components.pipelines.config import CONFIG
from components.pipelines.deployment import Part, api_health, deploy, wait_for
from components.pipelines.place import Annotations, Place
from components.pipelines.service_accounts import account
from tenantry.pipelines import words
from tenantry.pipelines.config import digest, spec_patch
from tenantry.pipelines.server_file import FOLDER, KEY, NAME, Tracking, server_file
from tenantry.pipelines.stores import DEFINITIONS

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import ContainerArgsDict, EnvVarArgsDict

INSTALL = {
    "AUTO_UPDATE_PIPELINE_DEFAULT_VERSION": "autoUpdatePipelineDefaultVersion",
    "BLOCK_V1_PIPELINES": "BLOCK_V1_PIPELINES",
    "DBCONFIG_CONMAXLIFETIME": "ConMaxLifeTime",
    "DBCONFIG_MYSQLCONFIG_DBNAME": "pipelineDb",
    "DBCONFIG_MYSQLCONFIG_HOST": "mysqlHost",
    "DBCONFIG_MYSQLCONFIG_PORT": "mysqlPort",
    "DB_DRIVER_NAME": "dbType",
    "DEFAULT_SECURITY_CONTEXT_RUN_AS_GROUP": "defaultSecurityContextRunAsGroup",
    "DEFAULT_SECURITY_CONTEXT_RUN_AS_NON_ROOT": "defaultSecurityContextRunAsNonRoot",
    "DEFAULT_SECURITY_CONTEXT_RUN_AS_USER": "defaultSecurityContextRunAsUser",
    "LOG_LEVEL": "LOG_LEVEL",
    "OBJECTSTORECONFIG_BUCKETNAME": "bucketName",
    "V1_ALLOWED_NAMESPACES": "V1_ALLOWED_NAMESPACES",
}
"""Variables and their keys in `pipeline-install-config`."""

STORE_KEYS = {"OBJECTSTORECONFIG_ACCESSKEY": "accesskey", "OBJECTSTORECONFIG_SECRETACCESSKEY": "secretkey"}


def variables(place: Place, queue: str, node_selector: Mapping[str, str]) -> list[EnvVarArgsDict]:
    """The whole environment of the server."""
    store, images = place.store, place.release.images
    database = {"DBCONFIG_MYSQLCONFIG_USER": "username", "DBCONFIG_MYSQLCONFIG_PASSWORD": "password"}
    # Both keys empty: the server asks the cloud who it is.
    keys = env.from_secret(store.secret, STORE_KEYS) if store.secret else env.plain(dict.fromkeys(STORE_KEYS, ""))
    fixed = {
        "CLUSTER_DOMAIN": words.CLUSTER_DOMAIN,
        "COMPILED_PIPELINE_SPEC_PATCH": spec_patch(queue, node_selector),
        "DEFAULTPIPELINERUNNERSERVICEACCOUNT": words.RUNNER,
        "METADATA_SERVICE_NAME": words.METADATA,
        "ML_PIPELINE_SERVICE_NAME": words.API,
        # It does not start without them; nothing answers there, and nothing but first-generation pipelines asks.
        "ML_PIPELINE_VISUALIZATIONSERVER_SERVICE_HOST": "ml-pipeline-visualizationserver",
        "ML_PIPELINE_VISUALIZATIONSERVER_SERVICE_PORT": str(words.API_HTTP),
        # One team, and nobody else in its namespace: Kubernetes and the network keep others out.
        "MULTIUSER": "false",
        "OBJECTSTORECONFIG_HOST": store.host,
        "OBJECTSTORECONFIG_PIPELINEPATH": DEFINITIONS,
        "OBJECTSTORECONFIG_PORT": "" if store.port is None else str(store.port),
        "OBJECTSTORECONFIG_REGION": store.region,
        "OBJECTSTORECONFIG_SECURE": str(store.secure).lower(),
        "PIPELINE_LOG_LEVEL": "1",
        "PUBLISH_LOGS": "true",
        "V2_DRIVER_IMAGE": images["driver"],
        "V2_LAUNCHER_IMAGE": images["launcher"],
    }
    return [
        *env.from_pod({"POD_NAMESPACE": "metadata.namespace"}),
        *env.from_config(words.INSTALL_CONFIG, INSTALL),
        *env.from_secret(place.database.secret, database),
        *keys,
        *env.plain(fixed),
    ]


def waits(place: Place) -> list[ContainerArgsDict]:
    """What must answer before the server starts: it exits where it does not."""
    database = env.from_config(words.INSTALL_CONFIG, {"WAIT_HOST": "mysqlHost", "WAIT_PORT": "mysqlPort"})
    metadata = env.plain({"WAIT_HOST": words.METADATA, "WAIT_PORT": str(words.METADATA_PORT)})
    waiting = [wait_for(place, "database", database)]
    return [*waiting, wait_for(place, "metadata-grpc", metadata)] if place.release.metadata else waiting


def api_server(
    place: Place,
    queue: str,
    node_selector: Mapping[str, str],
    restarts_on: Annotations,
    tracking: Tracking | None,
) -> None:
    """The server and its Service."""
    healthy = api_health(words.API_HTTP)
    file = server_file(tracking)
    config = place.config(NAME, file)
    pods = deploy(
        place,
        Part(
            name=words.API,
            account=account(place, words.API),
            restarts_on={**restarts_on, f"{CONFIG}-server": digest(file)},
            init=waits(place),
            container={
                "name": "ml-pipeline-api-server",
                "image": place.release.images["api-server"],
                "env": variables(place, queue, node_selector),
                "ports": [
                    {"name": "http", "container_port": words.API_HTTP},
                    {"name": "grpc", "container_port": words.API_GRPC},
                ],
                # A new release changes the schema at its start: ten minutes before it counts as dead.
                "startup_probe": {**healthy, "failure_threshold": 120},
                "readiness_probe": healthy,
                "liveness_probe": healthy,
                # One file: beside it lies the list of samples, which is the image's.
                "volume_mounts": [
                    {"name": "config", "mount_path": f"{FOLDER}/{KEY}", "sub_path": KEY, "read_only": True}
                ],
            },
            volumes=[{"name": "config", "config_map": {"name": config.metadata.name}}],
        ),
    )
    ports = [("http", words.API_HTTP, words.API_HTTP), ("grpc", words.API_GRPC, words.API_GRPC)]
    place.service(words.API, words.API, ports, pods)
