"""What Argo's workflow controller is told: how steps run under Pod Security and the team's quota."""

from __future__ import annotations

from typing import Any

import yaml

from tenantry.pipelines.config import artifact_repository
from tenantry.pipelines.footprint import EXECUTOR
from tenantry.pipelines.stores import ObjectStore

RESTRICTED: dict[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""Security context of the containers that Argo adds. Without it the API server refuses every run."""

KEPT = 3600
"""Seconds that a run's Workflow stays after its end. The API server has recorded it by then."""


def workflow_config(store: ObjectStore, parallel_runs: int) -> dict[str, str]:
    """`workflow-controller-configmap`.

    Args:
        store: Where logs of steps go.
        parallel_runs: Runs at once; more wait.
    """
    executor = {"imagePullPolicy": "IfNotPresent", "resources": EXECUTOR.manifest(), "securityContext": RESTRICTED}
    kept = dict.fromkeys(("secondsAfterCompletion", "secondsAfterFailure", "secondsAfterSuccess"), KEPT)
    retry = {"limit": "2", "retryPolicy": "OnError"}
    defaults = {"spec": {"ttlStrategy": kept, "templateDefaults": {"retryStrategy": retry}}}
    return {
        "artifactRepository": _yaml(artifact_repository(store)),
        "executor": _yaml(executor),
        # Its account may not write events, which no quota counts.
        "nodeEvents": _yaml({"enabled": False}),
        "parallelism": str(parallel_runs),
        "workflowDefaults": _yaml(defaults),
        "workflowEvents": _yaml({"enabled": False}),
    }


def _yaml(value: dict[str, Any]) -> str:
    # Without aliases: the controller's parser need not know them, and people would stumble.
    return yaml.dump(value, Dumper=_Plain, sort_keys=True)


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True
