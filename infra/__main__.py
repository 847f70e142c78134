"""Stack name to declaration: `platform.<environment>` or `<tenant>.<environment>`."""

from pathlib import Path

import pulumi

from infra import platform_stack, tenant_stack
from tenantry import names
from tenantry.errors import TenantryError


async def main() -> None:
    """Declare the stack that Pulumi runs."""
    root = Path(pulumi.get_root_directory())
    try:
        owner, environment = names.split_stack(pulumi.get_stack())
        if owner == names.PLATFORM:
            await platform_stack.declare(root, environment)
        else:
            await tenant_stack.declare(root, owner, environment)
    except TenantryError as error:
        # Pulumi prints a RunError's words, and of every other exception a page of frames.
        raise pulumi.RunError(str(error)) from error


pulumi.run(main)
