"""The program's complete resources without an engine, a cluster or credentials.

The very program that Pulumi runs is run in this process, on a monitor that writes down what is declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tenantry.render.stack import RenderedStack, Resource

__all__ = ["RenderedStack", "Resource", "render_stack", "render_stacks"]


def render_stack(root: Path, stack: str) -> RenderedStack:
    """Everything that one stack declares.

    Args:
        root: The folder with `tenants/` and `infra/environments/`. The program is the one that its `Pulumi.yaml`
            names; without one, the installed program.
        stack: As in `vision.prod` or `platform.prod`.

    Raises:
        InputError: the files that the stack is made from cannot be accepted.
        PlatformError: there is no such stack, or no program.
    """
    [rendered] = render_stacks(root, [stack])
    return rendered


def render_stacks(root: Path, stacks: Iterable[str], *, parallel: int | None = None) -> Iterator[RenderedStack]:
    """Everything that each of the stacks declares, in the order asked for.

    What a tenant's stack reads of its platform's is rendered once for all of them. The first stack that fails
    ends it, with the errors of `render_stack`.

    Args:
        root: As of `render_stack`.
        stacks: Their names.
        parallel: Processes to render in. 1 means this one, a stack at a time as it is asked for. None means one a
            CPU where there are so many stacks that it pays.
    """
    # Pulumi takes a second to import; whoever only parses a command line must not pay for it.
    from tenantry.render import pool  # noqa: PLC0415 - heavy import, only where it is used
    from tenantry.render.program import Program  # noqa: PLC0415 - the same

    stacks = list(stacks)
    workers = pool.processes(len(stacks)) if parallel is None else parallel
    if workers > 1:
        yield from pool.render(root, stacks, workers)
        return
    with Program(root) as program:
        for stack in stacks:
            yield program.render(stack)
