"""What a team's Seldon operator takes of the cluster, whether or not it has a model to serve."""

from __future__ import annotations

from tenantry.pipelines.footprint import Footprint, Resources

OPERATOR = Resources(100, 500, 200, 300)
"""Resources of the operator's one container, as upstream's chart has them."""
FOOTPRINT = Footprint(pods=1, cpu=OPERATOR.cpu, memory=OPERATOR.memory, memory_limit=OPERATOR.memory_limit, storage=0)
"""All of it. Models are the team's own, and count in what the team asked for."""
