"""Seldon's operator, of this namespace only: it makes of each SeldonDeployment what serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.pipelines import env
from components.pipelines.config import CONFIG
from components.pipelines.credentials import ROTATION, version
from components.pipelines.deployment import Part, deploy
from components.serving.accounts import operator_account
from components.serving.place import Place
from tenantry import names
from tenantry.pipelines.config import digest
from tenantry.serving import words
from tenantry.serving.footprint import OPERATOR
from tenantry.serving.operator import arguments, config, variables
from tenantry.serving.spec import GatewaySpec

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import ProbeArgsDict

CERTIFICATES = "/tmp/k8s-webhook-server/serving-certs"  # noqa: S108 - in the container, where the operator looks
"""Folder that the operator reads its certificate from."""


def operator(place: Place, gateway: GatewaySpec, certificate: k8s.core.v1.Secret) -> k8s.apps.v1.Deployment:
    """The operator, its ConfigMap and the Service of its webhook."""
    told = config(place.release)
    settings = place.config(words.CONFIG, told)
    answers: ProbeArgsDict = {"tcp_socket": {"port": words.WEBHOOK_PORT}}
    place.service(words.WEBHOOK, words.OPERATOR, [("https", 443, words.WEBHOOK_PORT)])
    return deploy(
        place,
        Part(
            name=words.OPERATOR,
            account=operator_account(place),
            resources=OPERATOR,
            user=words.USER,
            # It reads the ConfigMap anew for every model, but a changed image is to reach all of them at one time.
            restarts_on={CONFIG: settings.metadata.name.apply(lambda _: digest(told)), ROTATION: version(certificate)},
            container={
                "name": "manager",
                "image": place.release.images["operator"],
                "command": ["/manager"],
                "args": [*arguments(names.namespace(place.tenant))],
                "env": [
                    *env.from_pod({"POD_NAMESPACE": "metadata.namespace"}),
                    *env.plain(variables(place.release, gateway)),
                ],
                "ports": [
                    {"name": "webhook-server", "container_port": words.WEBHOOK_PORT},
                    {"name": "metrics", "container_port": words.METRICS_PORT},
                ],
                "readiness_probe": {**answers, "period_seconds": 10},
                "liveness_probe": {**answers, "period_seconds": 30, "failure_threshold": 6},
                "volume_mounts": [{"name": "cert", "mount_path": CERTIFICATES, "read_only": True}],
            },
            volumes=[{"name": "cert", "secret": {"secret_name": certificate.metadata.name}}],
        ),
    )
