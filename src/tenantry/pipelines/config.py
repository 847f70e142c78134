"""The ConfigMaps that the parts of Pipelines read, as text. All of them are per team."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import yaml

from tenantry.pipelines import words
from tenantry.pipelines.stores import LOGS, Database, ObjectStore

RUN_AS = 1000
"""User of steps whose image would run as root: Pod Security `restricted` lets no root in."""


def install_config(version: str, database: Database, store: ObjectStore) -> dict[str, str]:
    """`pipeline-install-config`: what the Deployments of Pipelines take their environment from."""
    return {
        "appName": "pipeline",
        "appVersion": version,
        "dbType": "mysql",
        "mysqlHost": database.host,
        "mysqlPort": str(database.port),
        "mlmdDb": "metadb",
        "pipelineDb": "mlpipeline",
        "bucketName": store.bucket,
        "defaultPipelineRoot": store.root,
        "autoUpdatePipelineDefaultVersion": "true",
        "cronScheduleTimezone": "UTC",
        "ConMaxLifeTime": "120s",
        "LOG_LEVEL": "info",
        "CLUSTER_DOMAIN": f".svc.{words.CLUSTER_DOMAIN}",
        # The proxy answers whoever reaches it, whatever they may read; upstream calls it flawed and leaves it off.
        "ARTIFACTS_PROXY_ENABLED": "false",
        # Pipelines of the first generation bring pods that no guard here was made for.
        "BLOCK_V1_PIPELINES": "true",
        "V1_ALLOWED_NAMESPACES": "",
        "defaultSecurityContextRunAsUser": str(RUN_AS),
        "defaultSecurityContextRunAsGroup": str(RUN_AS),
        "defaultSecurityContextRunAsNonRoot": "true",
    }


def launcher_config(store: ObjectStore) -> dict[str, str]:
    """`kfp-launcher`: where steps read and write artifacts. Without it they look for a store in `kubeflow`."""
    return {
        "defaultPipelineRoot": store.root,
        "providers": _yaml({store.scheme: {"default": _provider(store)}}),
        "clusterDomain": words.CLUSTER_DOMAIN,
    }


def _provider(store: ObjectStore) -> dict[str, Any]:
    credentials: dict[str, Any] = {"fromEnv": True}
    if store.secret:
        keys = {"secretName": store.secret, "accessKeyKey": "accesskey", "secretKeyKey": "secretkey"}
        credentials = {"fromEnv": False, "secretRef": keys}
    return {
        "endpoint": store.endpoint,
        "region": store.region,
        "disableSSL": not store.secure,
        "forcePathStyle": store.in_namespace,
        "credentials": credentials,
    }


def metadata_config(namespace: str) -> dict[str, str]:
    """`metadata-grpc-configmap`: where steps record what they did. The whole name: no other team's can be meant."""
    return {
        "METADATA_GRPC_SERVICE_HOST": f"{words.METADATA}.{namespace}.svc.{words.CLUSTER_DOMAIN}",
        "METADATA_GRPC_SERVICE_PORT": str(words.METADATA_PORT),
    }


def artifact_repository(store: ObjectStore) -> dict[str, Any]:
    """Where Argo puts the logs of steps."""
    day = "{{workflow.creationTimestamp.Y}}/{{workflow.creationTimestamp.m}}/{{workflow.creationTimestamp.d}}"
    keys: dict[str, Any] = {"useSDKCreds": True}
    if store.secret:
        keys = {
            "accessKeySecret": {"name": store.secret, "key": "accesskey"},
            "secretKeySecret": {"name": store.secret, "key": "secretkey"},
        }
    return {
        "archiveLogs": True,
        "s3": {
            "endpoint": store.endpoint,
            "bucket": store.bucket,
            "region": store.region,
            "insecure": not store.secure,
            "keyFormat": f"{LOGS}/{{{{workflow.namespace}}}}/{{{{workflow.name}}}}/{day}/{{{{pod.name}}}}",
            **keys,
        },
    }


def spec_patch(queue: str, node_selector: Mapping[str, str]) -> str:
    """`COMPILED_PIPELINE_SPEC_PATCH`: merged into the spec of every run, so that all its pods wait in the team's queue.

    It has no tolerations: a step that names one of its own would replace the whole list, and the API server gives
    pods with GPUs theirs. The node selector is for every pod of a run, those with GPUs too.
    """
    patch: dict[str, Any] = {"podMetadata": {"labels": {"kueue.x-k8s.io/queue-name": queue}}}
    if node_selector:
        patch["nodeSelector"] = dict(sorted(node_selector.items()))
    return json.dumps(patch, sort_keys=True, separators=(",", ":"))


def digest(*texts: Mapping[str, str]) -> str:
    """Changes when one of the ConfigMaps does: pods that read them only at their start are then made anew."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:16]


def _yaml(value: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(value), sort_keys=True)
