"""What the operator is started with: arguments, environment, and the ConfigMap that it reads.

Values are those of upstream's chart for one namespace; where this departs from it, the reason stands beside it.
"""

from __future__ import annotations

import json
from typing import Any

from tenantry.models.footprint import EXECUTOR_CPU, EXECUTOR_MEMORY
from tenantry.models.runtimes import RUNTIMES
from tenantry.serving import words
from tenantry.serving.spec import GatewaySpec
from tenantry.versions import SeldonRelease


def arguments(namespace: str) -> tuple[str, ...]:
    """Of the operator. No leader election: it is one pod, recreated and never doubled, and so needs no Lease."""
    return (
        f"--webhook-port={words.WEBHOOK_PORT}",
        f"--metrics-addr=:{words.METRICS_PORT}",
        "--create-resources=false",
        "--log-level=INFO",
        f"--namespace={namespace}",
    )


def variables(release: SeldonRelease, gateway: GatewaySpec) -> dict[str, str]:
    """The operator's whole environment, besides its namespace. KEDA and Ambassador are off."""
    executor = f"{EXECUTOR_CPU}m", f"{EXECUTOR_MEMORY}Mi"
    return {
        "AMBASSADOR_ENABLED": "false",
        # The namespace alone says which objects are this operator's.
        "CONTROLLER_ID": "",
        "DEFAULT_USER_ID": str(words.USER),
        "DEPLOYMENT_NAME_AS_PREFIX": "false",
        "EXECUTOR_CONTAINER_IMAGE_AND_VERSION": release.images["executor"],
        "EXECUTOR_CONTAINER_IMAGE_PULL_POLICY": "IfNotPresent",
        "EXECUTOR_CONTAINER_SERVICE_ACCOUNT_NAME": "default",
        "EXECUTOR_CONTAINER_USER": str(words.USER),
        "EXECUTOR_DEFAULT_CPU_LIMIT": executor[0],
        "EXECUTOR_DEFAULT_CPU_REQUEST": executor[0],
        "EXECUTOR_DEFAULT_MEMORY_LIMIT": executor[1],
        "EXECUTOR_DEFAULT_MEMORY_REQUEST": executor[1],
        "EXECUTOR_FULL_HEALTH_CHECKS": "false",
        "EXECUTOR_PROMETHEUS_PATH": "/prometheus",
        "EXECUTOR_REQUEST_LOGGER_DEFAULT_ENDPOINT": "http://default-broker",
        "EXECUTOR_REQUEST_LOGGER_WORK_QUEUE_SIZE": "10000",
        "EXECUTOR_REQUEST_LOGGER_WRITE_TIMEOUT_MS": "2000",
        "EXECUTOR_SERVER_METRICS_PORT_NAME": "metrics",
        "EXECUTOR_SERVER_PORT": str(words.HTTP),
        "ISTIO_ENABLED": "true",
        "ISTIO_GATEWAY": gateway.reference,
        "ISTIO_TLS_MODE": "",
        "KEDA_ENABLED": "false",
        "PREDICTIVE_UNIT_DEFAULT_ENV_SECRET_REF_NAME": "",
        "PREDICTIVE_UNIT_GRPC_SERVICE_PORT": str(words.MODEL_GRPC),
        "PREDICTIVE_UNIT_HTTP_SERVICE_PORT": str(words.MODEL_HTTP),
        "PREDICTIVE_UNIT_METRICS_PORT_NAME": "metrics",
        "USE_EXECUTOR": "true",
        # It would win over --namespace.
        "WATCH_NAMESPACE": "",
    }


INITIALIZER = {"cpuRequest": "100m", "cpuLimit": "1", "memoryRequest": "100Mi", "memoryLimit": "1Gi"}
"""Resources of the container that fetches a model's files, which runs before the model and asks for less."""


def config(release: SeldonRelease) -> dict[str, str]:
    """`seldon-config`: images of the servers and of what fetches files. The operator reads each value as JSON."""
    keys = {"s3AccessKeyIDName": "awsAccessKeyID", "s3SecretAccessKeyName": "awsSecretAccessKey"}
    return {
        # Looked at even where no service account has a Secret with such keys, as none here has.
        "credentials": _json({"s3": keys, "gcs": {"gcsCredentialFileName": "gcloud-application-credentials.json"}}),
        "predictor_servers": _json({word: {"protocols": {"v2": image}} for word, image in _servers(release).items()}),
        "storageInitializer": _json({"image": release.images["storage-initializer"], **INITIALIZER}),
    }


def _servers(release: SeldonRelease) -> dict[str, dict[str, str]]:
    found = {}
    for name, runtime in RUNTIMES.items():
        if runtime.implementation:
            image, _, tag = release.images[name].rpartition(":")
            # The operator puts the two together again.
            found[runtime.implementation] = {"image": image, "defaultImageVersion": tag}
    return found


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)
