"""The user interface of Pipelines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from components.pipelines import env
from components.pipelines.deployment import Part, api_health, deploy
from components.pipelines.place import Annotations, Place
from components.pipelines.service_accounts import account
from tenantry.pipelines import words
from tenantry.pipelines.config import artifact_repository
from tenantry.pipelines.stores import LOGS, ObjectStore

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import EnvVarArgsDict

# No TensorBoard: its pods are the first generation's, and no guard here was made for them.
SETTINGS = {"viewer-pod-template.json": json.dumps({"spec": {}})}
CONFIG = "tenantry.dev/ui-config"


def own_store(store: ObjectStore) -> list[EnvVarArgsDict]:
    """How the server reaches the store in the namespace. The whole name: without `MINIO_NAMESPACE` it adds none."""
    keys = {"MINIO_ACCESS_KEY": "accesskey", "MINIO_SECRET_KEY": "secretkey"}
    place = {"MINIO_HOST": store.host, "MINIO_NAMESPACE": "", "MINIO_PORT": str(store.port), "MINIO_SSL": "false"}
    return [*env.plain(place), *env.from_secret(words.STORE_SECRET, keys)]


def cloud_store(store: ObjectStore) -> list[EnvVarArgsDict]:
    """How it reaches Amazon's: without keys, as the pod's own role."""
    blank = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "MINIO_ACCESS_KEY", "MINIO_SECRET_KEY"), "")
    place = {"AWS_REGION": store.region, "AWS_S3_ENDPOINT": store.host, "AWS_SSL": "true"}
    minio = {"MINIO_HOST": store.host, "MINIO_NAMESPACE": "", "MINIO_PORT": "443", "MINIO_SSL": "true"}
    return env.plain({**place, **minio, **blank})


def variables(store: ObjectStore) -> list[EnvVarArgsDict]:
    """The whole environment of the server."""
    fixed = {
        "ALLOW_CUSTOM_VISUALIZATIONS": "false",
        "ARGO_ARCHIVE_BUCKETNAME": store.bucket,
        "ARGO_ARCHIVE_LOGS": "true",
        "ARGO_KEYFORMAT": artifact_repository(store)["s3"]["keyFormat"],
        "ARTIFACT_NAMESPACE_KEY_PREFIX": LOGS,
        # The whole bucket is one team's, and so is this server: the store's own answer is enough.
        "ARTIFACT_NAMESPACE_OWNERSHIP_MODE": "mlmd-then-prefix",
        "DISABLE_GKE_METADATA": "true",
        "METADATA_ENVOY_SERVICE_SERVICE_HOST": words.ENVOY,
        "METADATA_ENVOY_SERVICE_SERVICE_PORT": str(words.ENVOY_PORT),
        "ML_PIPELINE_SERVICE_HOST": words.API,
        "ML_PIPELINE_SERVICE_PORT": str(words.API_HTTP),
        "VIEWER_TENSORBOARD_POD_TEMPLATE_SPEC_PATH": "/etc/config/viewer-pod-template.json",
    }
    kept = {"ARTIFACTS_SERVICE_PROXY_ENABLED": "ARTIFACTS_PROXY_ENABLED", "CLUSTER_DOMAIN": "CLUSTER_DOMAIN"}
    return [
        *env.from_pod({"FRONTEND_SERVER_NAMESPACE": "metadata.namespace"}),
        *env.from_config(words.INSTALL_CONFIG, kept),
        *(own_store(store) if store.in_namespace else cloud_store(store)),
        *env.plain(fixed),
    ]


def ui(place: Place, restarts_on: Annotations) -> None:
    """The server and its Service. Nobody outside of the namespace reaches it."""
    config = place.config(words.UI_CONFIG, SETTINGS)
    healthy = api_health(words.UI_PORT)
    pods = deploy(
        place,
        Part(
            name=words.UI,
            account=account(place, words.UI),
            restarts_on=restarts_on,
            container={
                "name": "ml-pipeline-ui",
                "image": place.release.images["frontend"],
                "env": variables(place.store),
                "ports": [{"name": "http", "container_port": words.UI_PORT}],
                "readiness_probe": healthy,
                "liveness_probe": healthy,
                "volume_mounts": [{"name": "config", "mount_path": "/etc/config", "read_only": True}],
            },
            volumes=[{"name": "config", "config_map": {"name": config.metadata.name}}],
        ),
    )
    place.service(words.UI, words.UI, [("http", 80, words.UI_PORT)], pods)
