"""Who puts pods on nodes: the scheduler alone."""

from __future__ import annotations

from tenantry.guards.exclusive import exclusive
from tenantry.guards.rule import Target

RULES = (
    exclusive(
        name="pod-binding",
        family="binding",
        targets=(Target(plurals=("bindings", "pods/binding"), operations=("CREATE",)),),
        why="it would put a pod on a node past its taints and the queue",
        fix="Leave the pod to the scheduler",
        attacks=("A20",),
    ),
)
