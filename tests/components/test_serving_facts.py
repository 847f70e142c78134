"""Conformance by fact: what Seldon Core 1.17.1 is started with for one namespace, each beside what is rendered.

The facts are those of the operator's chart at tag v1.17.1 with `singleNamespace: true`, `istio.enabled: true`,
`certManager.enabled: false`, and of the operator seen running. Departures are listed, with their reasons.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from components.metadata import Marks
from components.serving.accounts import RULES
from tenantry.models.runtimes import RUNTIMES
from tests.components.conftest import ROOT, Declare
from tests.components.pipelines import Install, granted
from tests.components.serving import install as make

ARGUMENTS = {
    "--webhook-port": "4443",
    "--metrics-addr": ":8080",
    "--create-resources": "false",
    "--log-level": "INFO",
    "--namespace": "vision",
}
DEPARTURES = {
    "--enable-leader-election": "one pod, recreated and never doubled: it needs no Lease",
    "--leader-election-id": "the same",
    "--leader-election-resource-lock": "the same",
    "--leader-election-lease-duration-secs": "the same",
    "--leader-election-renew-deadline-secs": "the same",
    "--leader-election-retry-period-secs": "the same",
}
"""Arguments of upstream's that are not given."""

ENVIRONMENT = {
    "WATCH_NAMESPACE": "",
    "POD_NAMESPACE": "pod metadata.namespace",
    "CONTROLLER_ID": "",
    "AMBASSADOR_ENABLED": "false",
    "PREDICTIVE_UNIT_HTTP_SERVICE_PORT": "9000",
    "PREDICTIVE_UNIT_GRPC_SERVICE_PORT": "9500",
    "PREDICTIVE_UNIT_DEFAULT_ENV_SECRET_REF_NAME": "",
    "PREDICTIVE_UNIT_METRICS_PORT_NAME": "metrics",
    "ISTIO_ENABLED": "true",
    "KEDA_ENABLED": "false",
    "ISTIO_GATEWAY": "istio-system/seldon-gateway",
    "ISTIO_TLS_MODE": "",
    "USE_EXECUTOR": "true",
    "EXECUTOR_CONTAINER_IMAGE_AND_VERSION": "docker.io/seldonio/seldon-core-executor:1.17.1",
    "EXECUTOR_CONTAINER_IMAGE_PULL_POLICY": "IfNotPresent",
    "EXECUTOR_PROMETHEUS_PATH": "/prometheus",
    "EXECUTOR_SERVER_PORT": "8000",
    "EXECUTOR_CONTAINER_USER": "8888",
    "EXECUTOR_CONTAINER_SERVICE_ACCOUNT_NAME": "default",
    "EXECUTOR_SERVER_METRICS_PORT_NAME": "metrics",
    "EXECUTOR_REQUEST_LOGGER_DEFAULT_ENDPOINT": "http://default-broker",
    "EXECUTOR_REQUEST_LOGGER_WORK_QUEUE_SIZE": "10000",
    "EXECUTOR_REQUEST_LOGGER_WRITE_TIMEOUT_MS": "2000",
    "DEFAULT_USER_ID": "8888",
    "EXECUTOR_DEFAULT_CPU_REQUEST": "500m",
    "EXECUTOR_DEFAULT_MEMORY_REQUEST": "512Mi",
    "EXECUTOR_DEFAULT_CPU_LIMIT": "500m",
    "EXECUTOR_DEFAULT_MEMORY_LIMIT": "512Mi",
    "DEPLOYMENT_NAME_AS_PREFIX": "false",
    "EXECUTOR_FULL_HEALTH_CHECKS": "false",
}
"""The whole environment. Of upstream's only those are missing that its chart sets to nothing (`RELATED_IMAGE_*`), puts
into arguments (`MANAGER_*`) or reads for Ambassador."""

SERVERS = {
    "HUGGINGFACE_SERVER": ("docker.io/seldonio/mlserver", "1.3.5-huggingface"),
    "MLFLOW_SERVER": ("docker.io/seldonio/mlserver", "1.3.5-mlflow"),
    "SKLEARN_SERVER": ("docker.io/seldonio/mlserver", "1.3.5-sklearn"),
    "TRITON_SERVER": ("nvcr.io/nvidia/tritonserver", "21.08-py3"),
    "XGBOOST_SERVER": ("docker.io/seldonio/mlserver", "1.3.5-xgboost"),
}
"""Images of the V2 protocol, by whole names where upstream leaves the registry to the node."""

NEEDS = {
    "configmaps": {"get", "list", "watch"},
    "serviceaccounts": {"get"},
    "services": {"create", "delete", "get", "list", "patch", "update", "watch"},
    "deployments.apps": {"create", "delete", "get", "list", "patch", "update", "watch"},
    "horizontalpodautoscalers.autoscaling": {"create", "delete", "get", "list", "patch", "update", "watch"},
    "poddisruptionbudgets.policy": {"get", "list", "watch"},
    "destinationrules.networking.istio.io": {"create", "delete", "get", "list", "patch", "update", "watch"},
    "virtualservices.networking.istio.io": {"create", "delete", "get", "list", "patch", "update", "watch"},
    "seldondeployments.machinelearning.seldon.io": {"get", "list", "watch"},
    "seldondeployments/finalizers.machinelearning.seldon.io": {"update"},
    "seldondeployments/status.machinelearning.seldon.io": {"get", "patch", "update"},
}
"""What its controller watches, makes and reads, by its source; all of it is in upstream's roles."""


@pytest.fixture
def install(declare: Declare, marks: Marks) -> Install:
    return make(declare, marks)


@pytest.fixture
def operator(install: Install) -> dict[str, Any]:
    return install.container("seldon-controller-manager")


def test_every_object_and_no_other(install: Install) -> None:
    kinds = ("ConfigMap", "Deployment", "NetworkPolicy", "Role", "RoleBinding", "Secret", "Service", "ServiceAccount")
    found = {kind: set(install.of(kind)) for kind in (*kinds, "ValidatingWebhookConfiguration")}
    assert found == {
        "ConfigMap": {"seldon-config"},
        "Deployment": {"seldon-controller-manager"},
        "NetworkPolicy": {"serving-models", "serving-operator", "serving-webhook"},
        "Role": {"seldon-manager"},
        "RoleBinding": {"seldon-manager"},
        "Secret": {"seldon-rclone", "seldon-webhook-server-cert"},
        "Service": {"seldon-webhook-service"},
        "ServiceAccount": {"seldon-manager", "serving"},
        "ValidatingWebhookConfiguration": {"seldon-validating-webhook-configuration-vision"},
    }
    assert len(install.resources) == 1 + sum(map(len, found.values()))


def test_arguments(operator: dict[str, Any]) -> None:
    assert operator["command"] == ["/manager"]
    assert dict(one.split("=", 1) for one in operator["args"]) == ARGUMENTS
    assert not DEPARTURES.keys() & ARGUMENTS.keys()


def test_the_whole_environment(install: Install) -> None:
    assert install.env("seldon-controller-manager") == ENVIRONMENT


def test_image_account_user_and_ports(install: Install, operator: dict[str, Any]) -> None:
    pod = install.pod("seldon-controller-manager")
    assert operator["image"] == "docker.io/seldonio/seldon-core-operator:1.17.1"
    assert operator["securityContext"]["runAsUser"] == 8888
    assert (pod["serviceAccountName"], pod["automountServiceAccountToken"]) == ("seldon-manager", True)
    assert {port["name"]: port["containerPort"] for port in operator["ports"]} == {
        "webhook-server": 4443,
        "metrics": 8080,
    }
    assert operator["resources"] == {
        "requests": {"cpu": "100m", "memory": "200Mi"},
        "limits": {"cpu": "500m", "memory": "300Mi"},
    }


def test_its_certificate_is_where_it_looks(install: Install, operator: dict[str, Any]) -> None:
    """It wants one even where no webhook is registered."""
    [mount], [volume] = operator["volumeMounts"], install.pod("seldon-controller-manager")["volumes"]
    assert mount == {"name": volume["name"], "mountPath": "/tmp/k8s-webhook-server/serving-certs", "readOnly": True}
    secret = install.of("Secret")[volume["secret"]["secretName"]]
    assert (secret["type"], set(secret["data"])) == ("kubernetes.io/tls", {"ca.crt", "tls.crt", "tls.key"})


def test_settings(install: Install) -> None:
    data = {key: json.loads(text) for key, text in install.of("ConfigMap")["seldon-config"]["data"].items()}
    assert data == {
        "credentials": {
            "gcs": {"gcsCredentialFileName": "gcloud-application-credentials.json"},
            "s3": {"s3AccessKeyIDName": "awsAccessKeyID", "s3SecretAccessKeyName": "awsSecretAccessKey"},
        },
        "predictor_servers": {
            word: {"protocols": {"v2": {"image": image, "defaultImageVersion": tag}}}
            for word, (image, tag) in SERVERS.items()
        },
        "storageInitializer": {
            "image": "docker.io/seldonio/rclone-storage-initializer:1.17.1",
            "cpuRequest": "100m",
            "cpuLimit": "1",
            "memoryRequest": "100Mi",
            "memoryLimit": "1Gi",
        },
    }


def test_every_runtime_has_its_server() -> None:
    assert {runtime.implementation for runtime in RUNTIMES.values() if runtime.implementation} == SERVERS.keys()


def test_the_webhook(install: Install) -> None:
    [asked] = install.of("ValidatingWebhookConfiguration").popitem()[1]["webhooks"]
    service = install.of("Service")["seldon-webhook-service"]["spec"]
    assert asked["clientConfig"]["service"] == {
        "name": "seldon-webhook-service",
        "namespace": "vision",
        "path": "/validate-machinelearning-seldon-io-v1-seldondeployment",
        "port": 443,
    }
    assert [(port["port"], port["targetPort"]) for port in service["ports"]] == [(443, 4443)]
    assert {key: asked[key] for key in ("name", "admissionReviewVersions", "failurePolicy", "sideEffects")} == {
        "name": "v1.vseldondeployment.kb.io",
        "admissionReviewVersions": ["v1", "v1beta1"],
        "failurePolicy": "Fail",
        "sideEffects": "None",
    }
    assert asked["rules"] == [
        {
            "apiGroups": ["machinelearning.seldon.io"],
            "apiVersions": ["v1"],
            "operations": ["CREATE", "UPDATE"],
            "resources": ["seldondeployments"],
            "scope": "Namespaced",
        }
    ]
    assert asked["namespaceSelector"]["matchLabels"] == {
        "seldon.io/controller-id": "vision",
        "kubernetes.io/metadata.name": "vision",
    }


def test_rights() -> None:
    held: dict[str, set[str]] = {}
    for verb, kind in (one.split() for one in granted(RULES)):
        held.setdefault(kind, set()).add(verb)
    assert held == NEEDS


def test_the_storage_initializer_finds_the_store_by_rclones_variables(install: Install) -> None:
    assert set(install.of("Secret")["seldon-rclone"]["data"]) == {
        f"RCLONE_CONFIG_S3_{name}"
        for name in ("TYPE", "PROVIDER", "ENV_AUTH", "REGION", "ENDPOINT", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY")
    }


def test_the_captured_pods_are_what_these_settings_make(install: Install) -> None:
    """The real operator made them of the same settings."""
    captured = [
        item
        for item in yaml.safe_load_all((ROOT / "tests/captured/seldon-operator-output.yaml").read_text("utf-8"))
        if item["kind"] == "Deployment"
    ]
    told = install.env("seldon-controller-manager")
    server = SERVERS["MLFLOW_SERVER"]
    for deployment in captured:
        model, executor = deployment["spec"]["template"]["spec"]["containers"]
        assert f"docker.io/{model['image']}" == ":".join(server)
        assert executor["image"] == told["EXECUTOR_CONTAINER_IMAGE_AND_VERSION"]
        assert executor["resources"]["requests"] == {
            "cpu": told["EXECUTOR_DEFAULT_CPU_REQUEST"],
            "memory": told["EXECUTOR_DEFAULT_MEMORY_REQUEST"],
        }
        assert {port["containerPort"] for port in model["ports"]} == {
            int(told[f"PREDICTIVE_UNIT_{kind}_SERVICE_PORT"]) for kind in ("HTTP", "GRPC")
        }
        [initializer] = deployment["spec"]["template"]["spec"]["initContainers"]
        assert initializer["resources"]["limits"] == {"cpu": "1", "memory": "1Gi"}
