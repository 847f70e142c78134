"""What a team's door takes of the cluster: in the namespace of the proxies, beside the team's quota."""

from __future__ import annotations

from tenantry.pipelines.footprint import Resources

PROXY = Resources(10, 250, 32, 128)
"""One proxy. It holds no sessions: they are in the cookies."""
