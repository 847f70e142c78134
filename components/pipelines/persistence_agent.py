"""The agent that tells the API server how runs are going."""

from __future__ import annotations

from components.pipelines import env
from components.pipelines.agents import agent
from components.pipelines.place import Annotations, Place
from tenantry.pipelines import words

DAY = 86_400
"""Seconds that a finished Workflow is left alone before the agent gives it up."""


def persistence_agent(place: Place, restarts_on: Annotations) -> None:
    """The agent. It reads Workflows and writes nothing in the cluster."""
    fixed = {"NUM_WORKERS": "2", "TTL_SECONDS_AFTER_WORKFLOW_FINISH": str(DAY)}
    agent(
        place,
        words.AGENT,
        "persistenceagent-sa-token",
        {
            "name": words.AGENT,
            "image": place.release.images["persistence-agent"],
            "env": [
                *env.from_pod({"NAMESPACE": "metadata.namespace"}),
                *env.from_config(words.INSTALL_CONFIG, {"LOG_LEVEL": "LOG_LEVEL"}),
                *env.plain(fixed),
            ],
        },
        restarts_on,
    )
