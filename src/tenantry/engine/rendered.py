"""The plan of a stack that was never up, from the program alone."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from tenantry.diff.compare import title
from tenantry.engine.results import OPERATIONS, Change, StackResult

if TYPE_CHECKING:
    from tenantry.engine.workspace import Workspace

_ONE_AT_A_TIME: Final = threading.Lock()
"""The program runs in this process, on the SDK's global settings."""


def everything_new(workspace: Workspace, stack: str) -> StackResult:
    """Every resource of the stack, as one to create.

    The engine could say no more: its dry run asks the API server about objects in a namespace that is not there yet.

    Raises:
        InputError: the files that the stack is made from are wrong.
    """
    from tenantry.render import render_stack  # noqa: PLC0415 - imports the SDKs, which takes seconds

    started = time.monotonic()
    with _ONE_AT_A_TIME:
        resources = render_stack(workspace.root, stack).resources
    changes = tuple(
        Change(urn=resource.urn, type=resource.type, title=title(resource), operation="create")
        for resource in resources
    )
    counts = dict.fromkeys(OPERATIONS, 0) | {"create": len(changes)}
    return StackResult(stack=stack, outcome="done", counts=counts, changes=changes, seconds=time.monotonic() - started)
