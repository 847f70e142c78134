"""Conformance by fact: what Kubeflow Pipelines 2.17 needs of an install, each beside what is rendered.

The facts come from upstream's manifests and from the real programs running; an install that lacks one of them starts
and then fails somewhere else. Departures are in `DEPARTURES`, with their reasons.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from components.metadata import Marks
from tests.components.conftest import Declare
from tests.components.pipelines import Install
from tests.components.pipelines import install as make

KFP = "ghcr.io/kubeflow/kfp-"

PARTS: dict[str, tuple[str, str, set[int]]] = {
    "ml-pipeline": (f"{KFP}api-server:2.17.0", "ml-pipeline", {8888, 8887}),
    "ml-pipeline-ui": (f"{KFP}frontend:2.17.0", "ml-pipeline-ui", {3000}),
    "ml-pipeline-persistenceagent": (f"{KFP}persistence-agent:2.17.0", "ml-pipeline-persistenceagent", set()),
    "ml-pipeline-scheduledworkflow": (
        f"{KFP}scheduled-workflow-controller:2.17.0",
        "ml-pipeline-scheduledworkflow",
        {9090},
    ),
    "workflow-controller": ("quay.io/argoproj/workflow-controller:v4.0.5", "argo", {9090, 6060}),
    "metadata-grpc-deployment": (
        "gcr.io/tfx-oss-public/ml_metadata_store_server:1.14.0",
        "metadata-grpc-server",
        {8080},
    ),
    "metadata-envoy-deployment": (f"{KFP}metadata-envoy:2.17.0", "metadata-grpc-server", {9090}),
    "mysql": ("docker.io/library/mysql:8.4", "mysql", {3306}),
    "seaweedfs": ("ghcr.io/chrislusf/seaweedfs:4.34", "seaweedfs", {8333}),
}
"""Image, service account and container ports of every Deployment."""

SERVICES: dict[str, set[tuple[int, int]]] = {
    "ml-pipeline": {(8888, 8888), (8887, 8887)},
    "ml-pipeline-ui": {(80, 3000)},
    "metadata-grpc-service": {(8080, 8080)},
    "metadata-envoy-service": {(9090, 9090)},
    "mysql": {(3306, 3306)},
    "seaweedfs": {(8333, 8333), (9000, 8333)},
}
"""Ports of every Service, and of the pods behind it."""

DEPARTURES = {
    "metadata-envoy-deployment 9901": "Envoy's administration can stop it: it answers inside the pod only",
    "seaweedfs 8111": "nobody manages the store's users: it has one, made at its start",
    "kubeflow-pipelines-viewer": "pods of the first generation's TensorBoard, which no guard here was made for",
}
"""Facts that are not followed."""

INSTALL = "configMap pipeline-install-config"
ENV: dict[str, dict[str, str]] = {
    "ml-pipeline": {
        "AUTO_UPDATE_PIPELINE_DEFAULT_VERSION": f"{INSTALL} autoUpdatePipelineDefaultVersion",
        "BLOCK_V1_PIPELINES": f"{INSTALL} BLOCK_V1_PIPELINES",
        "CLUSTER_DOMAIN": "cluster.local",
        "COMPILED_PIPELINE_SPEC_PATCH": '{"podMetadata":{"labels":{"kueue.x-k8s.io/queue-name":"default"}}}',
        "DBCONFIG_CONMAXLIFETIME": f"{INSTALL} ConMaxLifeTime",
        "DBCONFIG_MYSQLCONFIG_DBNAME": f"{INSTALL} pipelineDb",
        "DBCONFIG_MYSQLCONFIG_HOST": f"{INSTALL} mysqlHost",
        "DBCONFIG_MYSQLCONFIG_PASSWORD": "secret mysql-secret password",
        "DBCONFIG_MYSQLCONFIG_PORT": f"{INSTALL} mysqlPort",
        "DBCONFIG_MYSQLCONFIG_USER": "secret mysql-secret username",
        "DB_DRIVER_NAME": f"{INSTALL} dbType",
        "DEFAULTPIPELINERUNNERSERVICEACCOUNT": "pipeline-runner",
        "DEFAULT_SECURITY_CONTEXT_RUN_AS_GROUP": f"{INSTALL} defaultSecurityContextRunAsGroup",
        "DEFAULT_SECURITY_CONTEXT_RUN_AS_NON_ROOT": f"{INSTALL} defaultSecurityContextRunAsNonRoot",
        "DEFAULT_SECURITY_CONTEXT_RUN_AS_USER": f"{INSTALL} defaultSecurityContextRunAsUser",
        "LOG_LEVEL": f"{INSTALL} LOG_LEVEL",
        "METADATA_SERVICE_NAME": "metadata-grpc-service",
        "ML_PIPELINE_SERVICE_NAME": "ml-pipeline",
        "ML_PIPELINE_VISUALIZATIONSERVER_SERVICE_HOST": "ml-pipeline-visualizationserver",
        "ML_PIPELINE_VISUALIZATIONSERVER_SERVICE_PORT": "8888",
        "MULTIUSER": "false",
        "OBJECTSTORECONFIG_ACCESSKEY": "secret mlpipeline-minio-artifact accesskey",
        "OBJECTSTORECONFIG_BUCKETNAME": f"{INSTALL} bucketName",
        "OBJECTSTORECONFIG_HOST": "seaweedfs.vision.svc.cluster.local",
        "OBJECTSTORECONFIG_PIPELINEPATH": "pipelines",
        "OBJECTSTORECONFIG_PORT": "9000",
        "OBJECTSTORECONFIG_REGION": "us-east-1",
        "OBJECTSTORECONFIG_SECRETACCESSKEY": "secret mlpipeline-minio-artifact secretkey",
        "OBJECTSTORECONFIG_SECURE": "false",
        "PIPELINE_LOG_LEVEL": "1",
        "POD_NAMESPACE": "pod metadata.namespace",
        "PUBLISH_LOGS": "true",
        "V1_ALLOWED_NAMESPACES": f"{INSTALL} V1_ALLOWED_NAMESPACES",
        "V2_DRIVER_IMAGE": "ghcr.io/kubeflow/kfp-driver:2.17.0",
        "V2_LAUNCHER_IMAGE": "ghcr.io/kubeflow/kfp-launcher:2.17.0",
    },
    "ml-pipeline-ui": {
        "ALLOW_CUSTOM_VISUALIZATIONS": "false",
        "ARGO_ARCHIVE_BUCKETNAME": "mlpipeline",
        "ARGO_ARCHIVE_LOGS": "true",
        "ARGO_KEYFORMAT": (
            "private-artifacts/{{workflow.namespace}}/{{workflow.name}}/{{workflow.creationTimestamp.Y}}"
            "/{{workflow.creationTimestamp.m}}/{{workflow.creationTimestamp.d}}/{{pod.name}}"
        ),
        "ARTIFACTS_SERVICE_PROXY_ENABLED": f"{INSTALL} ARTIFACTS_PROXY_ENABLED",
        "ARTIFACT_NAMESPACE_KEY_PREFIX": "private-artifacts",
        "ARTIFACT_NAMESPACE_OWNERSHIP_MODE": "mlmd-then-prefix",
        "CLUSTER_DOMAIN": f"{INSTALL} CLUSTER_DOMAIN",
        "DISABLE_GKE_METADATA": "true",
        "FRONTEND_SERVER_NAMESPACE": "pod metadata.namespace",
        "METADATA_ENVOY_SERVICE_SERVICE_HOST": "metadata-envoy-service",
        "METADATA_ENVOY_SERVICE_SERVICE_PORT": "9090",
        "MINIO_ACCESS_KEY": "secret mlpipeline-minio-artifact accesskey",
        "MINIO_HOST": "seaweedfs.vision.svc.cluster.local",
        "MINIO_NAMESPACE": "",
        "MINIO_PORT": "9000",
        "MINIO_SECRET_KEY": "secret mlpipeline-minio-artifact secretkey",
        "MINIO_SSL": "false",
        "ML_PIPELINE_SERVICE_HOST": "ml-pipeline",
        "ML_PIPELINE_SERVICE_PORT": "8888",
        "VIEWER_TENSORBOARD_POD_TEMPLATE_SPEC_PATH": "/etc/config/viewer-pod-template.json",
    },
    "ml-pipeline-persistenceagent": {
        "LOG_LEVEL": f"{INSTALL} LOG_LEVEL",
        "NAMESPACE": "pod metadata.namespace",
        "NUM_WORKERS": "2",
        "TTL_SECONDS_AFTER_WORKFLOW_FINISH": "86400",
    },
    "ml-pipeline-scheduledworkflow": {
        "CLIENT_BURST": "20",
        "CLIENT_QPS": "10",
        "CRON_SCHEDULE_TIMEZONE": f"{INSTALL} cronScheduleTimezone",
        "LOG_LEVEL": f"{INSTALL} LOG_LEVEL",
        "METRICS_PORT": "9090",
        "NAMESPACE": "pod metadata.namespace",
        "RESYNC_INTERVAL_SECONDS": "30",
    },
    "workflow-controller": {"LEADER_ELECTION_IDENTITY": "pod metadata.name"},
    "metadata-grpc-deployment": {
        "DBCONFIG_PASSWORD": "secret mysql-secret password",
        "DBCONFIG_USER": "secret mysql-secret username",
        "MYSQL_DATABASE": f"{INSTALL} mlmdDb",
        "MYSQL_HOST": f"{INSTALL} mysqlHost",
        "MYSQL_PORT": f"{INSTALL} mysqlPort",
    },
}
"""The whole environment of every part that has one."""

CONFIG_KEYS = {
    "pipeline-install-config": {
        "appVersion": "2.17.0",
        "dbType": "mysql",
        "mysqlHost": "mysql",
        "mysqlPort": "3306",
        "mlmdDb": "metadb",
        "pipelineDb": "mlpipeline",
        "bucketName": "mlpipeline",
        "defaultPipelineRoot": "minio://mlpipeline/v2/artifacts",
        "LOG_LEVEL": "info",
        "ARTIFACTS_PROXY_ENABLED": "false",
    },
    "kfp-launcher": {"defaultPipelineRoot": "minio://mlpipeline/v2/artifacts", "clusterDomain": "cluster.local"},
    "metadata-grpc-configmap": {
        "METADATA_GRPC_SERVICE_HOST": "metadata-grpc-service.vision.svc.cluster.local",
        "METADATA_GRPC_SERVICE_PORT": "8080",
    },
}


@pytest.fixture
def install(declare: Declare, marks: Marks) -> Install:
    return make(declare, marks)


def test_every_part_and_no_other(install: Install) -> None:
    assert install.of("Deployment").keys() == PARTS.keys()
    assert install.of("Service").keys() == SERVICES.keys()
    assert install.of("ServiceAccount").keys() == {account for _, account, _ in PARTS.values()} | {"pipeline-runner"}


@pytest.mark.parametrize("part", PARTS)
def test_image_account_and_ports(install: Install, part: str) -> None:
    container = install.container(part)
    ports = {port["containerPort"] for port in container.get("ports", [])}
    assert (container["image"], install.pod(part)["serviceAccountName"], ports) == PARTS[part]
    departures = {int(name.split()[1]) for name in DEPARTURES if name.startswith(f"{part} ")}
    assert not departures & ports


@pytest.mark.parametrize("part", [part for part in PARTS if part not in ("mysql", "seaweedfs")])
def test_the_whole_environment(install: Install, part: str) -> None:
    found = install.env(part) if "env" in install.container(part) else {}
    assert found == ENV.get(part, {})


def test_what_a_configmap_is_asked_for_it_has(install: Install) -> None:
    configs = install.of("ConfigMap")
    asked = [source.split()[1:] for part in ENV for source in install.env(part).values() if source[:10] == "configMap "]
    assert len(asked) > 20
    assert [(name, key) for name, key in asked if key not in configs[name]["data"]] == []


@pytest.mark.parametrize("name", CONFIG_KEYS)
def test_settings(install: Install, name: str) -> None:
    data = install.of("ConfigMap")[name]["data"]
    assert {key: data[key] for key in CONFIG_KEYS[name]} == CONFIG_KEYS[name]


def test_the_launchers_providers(install: Install) -> None:
    """Steps look for a store in a namespace called kubeflow where this says nothing."""
    assert yaml.safe_load(install.of("ConfigMap")["kfp-launcher"]["data"]["providers"]) == {
        "minio": {
            "default": {
                "endpoint": "seaweedfs.vision.svc.cluster.local:9000",
                "region": "us-east-1",
                "disableSSL": True,
                "forcePathStyle": True,
                "credentials": {
                    "fromEnv": False,
                    "secretRef": {
                        "secretName": "mlpipeline-minio-artifact",
                        "accessKeyKey": "accesskey",
                        "secretKeyKey": "secretkey",
                    },
                },
            }
        }
    }


def test_the_whole_of_the_workflow_controllers_settings(install: Install) -> None:
    data = install.of("ConfigMap")["workflow-controller-configmap"]["data"]
    key = {"name": "mlpipeline-minio-artifact"}
    assert {name: yaml.safe_load(text) for name, text in data.items()} == {
        "artifactRepository": {
            "archiveLogs": True,
            "s3": {
                "endpoint": "seaweedfs.vision.svc.cluster.local:9000",
                "bucket": "mlpipeline",
                "region": "us-east-1",
                "insecure": True,
                "keyFormat": ENV["ml-pipeline-ui"]["ARGO_KEYFORMAT"],
                "accessKeySecret": {**key, "key": "accesskey"},
                "secretKeySecret": {**key, "key": "secretkey"},
            },
        },
        "executor": {
            "imagePullPolicy": "IfNotPresent",
            "resources": {
                "requests": {"cpu": "10m", "memory": "32Mi"},
                "limits": {"cpu": "500m", "memory": "512Mi"},
            },
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        },
        "nodeEvents": {"enabled": False},
        "parallelism": 10,
        "workflowDefaults": {
            "spec": {
                "ttlStrategy": {
                    "secondsAfterCompletion": 3600,
                    "secondsAfterFailure": 3600,
                    "secondsAfterSuccess": 3600,
                },
                "templateDefaults": {"retryStrategy": {"limit": "2", "retryPolicy": "OnError"}},
            }
        },
        "workflowEvents": {"enabled": False},
    }


def test_arguments(install: Install) -> None:
    assert install.container("workflow-controller")["args"] == [
        "--configmap",
        "workflow-controller-configmap",
        "--executor-image",
        "quay.io/argoproj/argoexec:v4.0.5",
        "--namespaced",
    ]
    assert {one.split("=")[0] for one in install.container("metadata-grpc-deployment")["args"]} == {
        "--grpc_port",
        "--mysql_config_database",
        "--mysql_config_host",
        "--mysql_config_port",
        "--mysql_config_user",
        "--mysql_config_password",
        "--enable_database_upgrade",
        "--grpc_channel_arguments",
    }
    assert "--mysql-native-password=ON" in install.container("mysql")["command"]
    assert install.container("seaweedfs")["args"][:3] == ["server", "-dir=/data", "-s3"]


@pytest.mark.parametrize(
    ("part", "probes"),
    [
        ("ml-pipeline", ("startupProbe", "readinessProbe", "livenessProbe")),
        ("ml-pipeline-ui", ("readinessProbe", "livenessProbe")),
    ],
)
def test_health(install: Install, part: str, probes: tuple[str, ...]) -> None:
    container = install.container(part)
    for probe in probes:
        assert container[probe]["httpGet"]["path"] == "/apis/v1beta1/healthz"
        assert container[probe]["httpGet"]["port"] in PARTS[part][2]


@pytest.mark.parametrize("service", SERVICES)
def test_services(install: Install, service: str) -> None:
    spec = install.of("Service")[service]["spec"]
    assert {(port["port"], port["targetPort"]) for port in spec["ports"]} == SERVICES[service]
    [selected] = [
        name
        for name, deployment in install.of("Deployment").items()
        if spec["selector"].items() <= deployment["spec"]["template"]["metadata"]["labels"].items()
    ]
    assert {target for _, target in SERVICES[service]} <= PARTS[selected][2]


def test_tokens_of_the_agents(install: Install) -> None:
    for part, file in (
        ("ml-pipeline-persistenceagent", "persistenceagent-sa-token"),
        ("ml-pipeline-scheduledworkflow", "scheduledworkflow-sa-token"),
    ):
        [volume] = install.pod(part)["volumes"]
        [source] = volume["projected"]["sources"]
        assert source["serviceAccountToken"] == {
            "path": file,
            "expirationSeconds": 3600,
            "audience": "pipelines.kubeflow.org",
        }
        [mount] = install.container(part)["volumeMounts"]
        assert (mount["name"], mount["mountPath"]) == (volume["name"], "/var/run/secrets/kubeflow/tokens")


@pytest.mark.parametrize(
    ("part", "waits"),
    [
        ("ml-pipeline", {"database": "mysql", "metadata-grpc": "metadata-grpc-service"}),
        ("ml-pipeline-persistenceagent", {"ml-pipeline": "ml-pipeline"}),
        ("ml-pipeline-scheduledworkflow", {"ml-pipeline": "ml-pipeline"}),
        ("metadata-grpc-deployment", {"database": "mysql"}),
    ],
)
def test_what_each_part_waits_for(install: Install, part: str, waits: dict[str, str]) -> None:
    configs = install.of("ConfigMap")["pipeline-install-config"]["data"]
    found: dict[str, Any] = {}
    for container in install.pod(part)["initContainers"]:
        [host, _] = container["env"]
        value = host.get("value") or configs[host["valueFrom"]["configMapKeyRef"]["key"]]
        found[container["name"].removeprefix("wait-for-")] = value
    assert found == waits


def test_volumes(install: Install) -> None:
    claims = install.of("PersistentVolumeClaim")
    assert {name: claim["spec"]["resources"]["requests"]["storage"] for name, claim in claims.items()} == {
        "mysql-pv-claim": "20Gi",
        "seaweedfs-pvc": "20Gi",
    }


def test_nothing_points_into_a_namespace_called_kubeflow(install: Install) -> None:
    """Where upstream has it written into its programs, the install must say something else."""
    text = json.dumps([dict(resource.inputs) for resource in install.resources])
    for where in ("seaweedfs.kubeflow", ".kubeflow.svc", "minio123", "minio-service"):
        assert where not in text
