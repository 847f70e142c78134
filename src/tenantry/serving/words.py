"""Names that Seldon Core itself looks for or makes, spelled in one place. None may be changed."""

from __future__ import annotations

from typing import Final

GROUP: Final = "machinelearning.seldon.io"
API_VERSION: Final = f"{GROUP}/v1"
KIND: Final = "SeldonDeployment"

OPERATOR: Final = "seldon-controller-manager"
"""Deployment of the operator."""
MANAGER: Final = "seldon-manager"
"""Service account of the operator."""
SERVER: Final = "serving"
"""Service account of the pods that serve models."""
CONFIG: Final = "seldon-config"
"""ConfigMap that the operator reads in its own namespace."""
STORE_SECRET: Final = "seldon-rclone"  # noqa: S105 - the name of a Secret
"""Secret with the variables by which the storage initializer finds the team's store."""
CERTIFICATE: Final = "seldon-webhook-server-cert"
WEBHOOK: Final = "seldon-webhook-service"
"""Service of the webhook; the certificate is for its name."""
WEBHOOK_PORT: Final = 4443
METRICS_PORT: Final = 8080
CONTROLLER_LABEL: Final = "seldon.io/controller-id"
"""Label of a namespace with an operator of its own. Its webhook goes by it, and one of the whole cluster keeps away."""

DEPLOYMENT_LABEL: Final = "seldon-deployment-id"
"""Label that the operator gives to every pod of a SeldonDeployment, with its name."""
OPERATED: Final = {"app.kubernetes.io/managed-by": "seldon-core"}
"""Label that the operator gives to every pod that it makes."""
HTTP: Final = 8000
GRPC: Final = 5001
"""Ports of the executor, which stands before the model in every pod."""
MODEL_HTTP: Final = 9000
MODEL_GRPC: Final = 9500
"""Ports of the model, on which only the executor of its own pod calls."""
MODEL_METRICS: Final = 6000
USER: Final = 8888
"""User that the operator's own pods and models run as."""
