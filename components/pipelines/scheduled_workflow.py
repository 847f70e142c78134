"""The controller that starts runs on their schedule."""

from __future__ import annotations

from components.pipelines import env
from components.pipelines.agents import agent
from components.pipelines.place import Annotations, Place
from tenantry.pipelines import words


def scheduled_workflow(place: Place, restarts_on: Annotations) -> None:
    """The controller, of this namespace only."""
    fixed = {
        "CLIENT_BURST": "20",
        "CLIENT_QPS": "10",
        "METRICS_PORT": str(words.SCHEDULES_METRICS),
        "RESYNC_INTERVAL_SECONDS": "30",
    }
    kept = {"CRON_SCHEDULE_TIMEZONE": "cronScheduleTimezone", "LOG_LEVEL": "LOG_LEVEL"}
    agent(
        place,
        words.SCHEDULES,
        "scheduledworkflow-sa-token",
        {
            "name": words.SCHEDULES,
            "image": place.release.images["scheduled-workflow-controller"],
            "env": [
                *env.from_pod({"NAMESPACE": "metadata.namespace"}),
                *env.from_config(words.INSTALL_CONFIG, kept),
                *env.plain(fixed),
            ],
            "ports": [{"name": "http", "container_port": words.SCHEDULES_METRICS}],
        },
        restarts_on,
    )
