"""Running the program for every tenant, without an engine."""

from __future__ import annotations

import statistics
from pathlib import Path

from bench.generate import ENVIRONMENT, write
from bench.measure import Row, cpu, growth
from tenantry.names import tenant_stack
from tenantry.render import render_stacks

SIZES = (10, 100, 1000)


def measure(runs: int, folder: Path) -> list[Row]:
    """CPU of one tenant's stack among 10, 100 and 1,000: the median over all of them.

    The largest size runs once: it is a thousand measurements already.
    """
    again = [runs, runs, 1]
    taken = [_each(folder / str(size), size, count) for size, count in zip(SIZES, again, strict=True)]
    medians = [statistics.median(times) for times in taken]
    return growth("render", "CPU a tenant", SIZES, medians, [len(times) for times in taken])


def _each(root: Path, size: int, runs: int) -> list[float]:
    stacks = [tenant_stack(tenant, ENVIRONMENT) for tenant in write(root, size)]
    taken: list[float] = []
    for _ in range(runs):
        rendered = render_stacks(root, [stacks[0], *stacks], parallel=1)
        # The first one pays for the platform's stack, and in a new process for Pulumi's import.
        next(rendered)
        for _ in stacks:
            start = cpu()
            next(rendered)
            taken.append(cpu() - start)
    return taken
