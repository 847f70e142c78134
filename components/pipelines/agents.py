"""What the two agents of Pipelines share: they wait for the API server, and show it a token of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.pipelines import env
from components.pipelines.deployment import Part, deploy, wait_for
from components.pipelines.place import Annotations, Place
from components.pipelines.service_accounts import account
from tenantry.pipelines import words

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import ContainerArgsDict, ServiceAccountTokenProjectionArgsDict

TOKENS = "/var/run/secrets/kubeflow/tokens"
HOUR = 3600
"""Seconds that a token is good for; the kubelet renews it."""


def agent(
    place: Place,
    name: str,
    token: str,
    container: ContainerArgsDict,
    restarts_on: Annotations,
) -> None:
    """An agent.

    Args:
        place: The install.
        name: Of its Deployment and of its service account.
        token: File that its program reads its token from.
        container: Its image and environment.
        restarts_on: Annotations that make it start anew.
    """
    waits = env.plain({"WAIT_HOST": words.API, "WAIT_PORT": str(words.API_HTTP)})
    projected: ServiceAccountTokenProjectionArgsDict = {
        "path": token,
        "expiration_seconds": HOUR,
        "audience": words.AUDIENCE,
    }
    deploy(
        place,
        Part(
            name=name,
            account=account(place, name),
            restarts_on=restarts_on,
            init=[wait_for(place, "ml-pipeline", waits)],
            container={**container, "volume_mounts": [{"name": token, "mount_path": TOKENS, "read_only": True}]},
            volumes=[{"name": token, "projected": {"sources": [{"service_account_token": projected}]}}],
        ),
    )
