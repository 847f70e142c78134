"""What a tenant's stack needs of the platform's. The only place that refers to another stack."""

from __future__ import annotations

from asyncio import CancelledError
from dataclasses import asdict, dataclass, fields

import pulumi

from tenantry import names
from tenantry.errors import PlatformError


@dataclass(frozen=True, kw_only=True)
class PlatformHandle:
    """What the platform stack of an environment has made."""

    cluster_uid: str
    """Uid of the cluster's namespace `kube-system`: a tenant's stack refuses every other cluster."""

    def exports(self) -> None:
        """Make these the platform stack's outputs."""
        for key, value in asdict(self).items():
            pulumi.export(key, value)

    @classmethod
    async def from_stack(cls, environment: str) -> PlatformHandle:
        """Read what the platform stack of an environment has made.

        Raises:
            PlatformError: it has made nothing yet, or was made by an older version.
        """
        stack = names.platform_stack(environment)
        first = f"Bring it up first: tenantry up --env {environment} does, or pulumi up -s {stack}."
        qualified = f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"
        try:
            outputs = await pulumi.StackReference(qualified).outputs.future() or {}
        except (Exception, CancelledError):
            # The engine stops everything here and says only that there is no such stack.
            pulumi.log.error(f"the stack {stack} cannot be read. {first}")
            raise
        missing = [field.name for field in fields(cls) if not outputs.get(field.name)]
        if missing:
            raise PlatformError(f"the stack {stack} has no {', '.join(missing)} yet. {first}")
        return cls(**{field.name: outputs[field.name] for field in fields(cls)})
