"""Running the program for every tenant, without an engine."""

from __future__ import annotations

import statistics
from functools import partial
from pathlib import Path

from bench.generate import ENVIRONMENT, write
from bench.measure import Row, cpu, growth, median_of, wall
from tenantry.names import tenant_stack
from tenantry.render import render_stacks
from tenantry.render.pool import processes

SIZES = (10, 100, 1000)

MOST = 100
"""Stacks of one size that are measured: each is a measurement already, and a thousand take two minutes."""


def measure(runs: int, folder: Path) -> list[Row]:
    """CPU of one tenant's stack among 10, 100 and 1,000, and the seconds a stack when processes share many."""
    stacks = {size: _some(folder / str(size), size) for size in SIZES}
    again = [runs, 1, 1]
    taken = [_each(folder / str(size), stacks[size], count) for size, count in zip(SIZES, again, strict=True)]
    medians = [statistics.median(times) for times in taken]
    return [
        *growth("render", "CPU a tenant", SIZES, medians, [len(times) for times in taken]),
        *_shared(folder / str(SIZES[-1]), stacks[SIZES[-1]]),
    ]


def _some(root: Path, size: int) -> list[str]:
    stacks = [tenant_stack(tenant, ENVIRONMENT) for tenant in write(root, size)]
    # Of every ten tenants the same ones are large: whole tens, so that a sample has as many as all.
    tens = [stacks[start : start + 10] for start in range(0, size, 10)]
    return [stack for ten in tens[:: -(-size // MOST)] for stack in ten]


def _each(root: Path, stacks: list[str], runs: int) -> list[float]:
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


def _shared(root: Path, stacks: list[str]) -> list[Row]:
    workers = processes(len(stacks))
    alone, shared = median_of(1, wall, *(partial(_all, root, stacks, parallel) for parallel in (1, workers)))
    what = f"{len(stacks)} stacks, processes: "
    return [
        Row("render", f"{what}1", alone / len(stacks), "wall a tenant", 1),
        Row("render", f"{what}{workers}", shared / len(stacks), "wall a tenant", 1, shared / alone, "1 / processes"),
    ]


def _all(root: Path, stacks: list[str], parallel: int) -> None:
    for _ in render_stacks(root, stacks, parallel=parallel):
        pass
