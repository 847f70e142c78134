"""Argo's workflow controller, of this namespace only: it makes the pods of runs."""

from __future__ import annotations

import pulumi

from components.pipelines import env
from components.pipelines.deployment import Part, deploy
from components.pipelines.place import Place
from components.pipelines.service_accounts import account
from tenantry.pipelines import words
from tenantry.pipelines.workflows import workflow_config

METRICS = 9090
HEALTH = 6060


def workflow_controller(place: Place, parallel_runs: int) -> None:
    """The controller and what it is told. It reads a changed ConfigMap by itself and is not started anew for it."""
    config = place.config(words.WORKFLOW_CONFIG, workflow_config(place.store, parallel_runs))
    images = place.release.images
    arguments: list[pulumi.Input[str]] = [
        "--configmap",
        config.metadata.name,
        "--executor-image",
        images["argoexec"],
        "--namespaced",
    ]
    deploy(
        place,
        Part(
            name=words.WORKFLOWS,
            account=account(place, words.ARGO),
            # The image's own, a number.
            user=None,
            container={
                "name": words.WORKFLOWS,
                "image": images["workflow-controller"],
                "command": ["workflow-controller"],
                "args": arguments,
                "env": env.from_pod({"LEADER_ELECTION_IDENTITY": "metadata.name"}),
                "ports": [
                    {"name": "metrics", "container_port": METRICS},
                    {"name": "health", "container_port": HEALTH},
                ],
                "liveness_probe": {
                    "http_get": {"path": "/healthz", "port": HEALTH},
                    "initial_delay_seconds": 90,
                    "period_seconds": 60,
                    "timeout_seconds": 30,
                    "failure_threshold": 3,
                },
            },
        ),
    )
