"""Names that Kubeflow Pipelines itself looks for, spelled in one place. None may be changed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

API: Final = "ml-pipeline"
"""Service and Deployment of the API server. The agents have it compiled in."""
API_HTTP: Final = 8888
API_GRPC: Final = 8887
UI: Final = "ml-pipeline-ui"
UI_PORT: Final = 3000
AGENT: Final = "ml-pipeline-persistenceagent"
SCHEDULES: Final = "ml-pipeline-scheduledworkflow"
SCHEDULES_METRICS: Final = 9090
WORKFLOWS: Final = "workflow-controller"
ARGO: Final = "argo"
"""Service account of Argo's controller, as its own manifests call it."""
RUNNER: Final = "pipeline-runner"
"""Service account of the steps of runs."""
METADATA: Final = "metadata-grpc-service"
METADATA_PORT: Final = 8080
ENVOY: Final = "metadata-envoy-service"
ENVOY_PORT: Final = 9090
DATABASE: Final = "mysql"
DATABASE_PORT: Final = 3306
STORE: Final = "seaweedfs"
STORE_PORT: Final = 9000
"""Port of the store's Service: the one that configurations of Pipelines expect."""
STORE_S3: Final = 8333
"""Port that the store itself serves S3 on."""

INSTALL_CONFIG: Final = "pipeline-install-config"
LAUNCHER_CONFIG: Final = "kfp-launcher"
METADATA_CONFIG: Final = "metadata-grpc-configmap"
WORKFLOW_CONFIG: Final = "workflow-controller-configmap"
UI_CONFIG: Final = "ml-pipeline-ui-configmap"
ENVOY_CONFIG: Final = "metadata-envoy-configmap"
DATABASE_SECRET: Final = "mysql-secret"  # noqa: S105 - the name of a Secret
STORE_SECRET: Final = "mlpipeline-minio-artifact"  # noqa: S105 - the name of a Secret

STEP_LABELS: Final[Mapping[str, str]] = MappingProxyType({"pipelines.kubeflow.org/v2_component": "true"})
"""Labels that Pipelines gives to every pod of a run."""

AUDIENCE: Final = "pipelines.kubeflow.org"
"""Whom the agents' tokens are for."""
CLUSTER_DOMAIN: Final = "cluster.local"
"""DNS domain of services. Pipelines builds every address of its own with it."""
