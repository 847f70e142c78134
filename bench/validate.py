"""Reading and checking every file, with the rules between tenants."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bench.generate import write
from bench.measure import Row, cpu, growth, median_of
from tenantry.catalog import load_catalog

SIZES = (10, 100, 1000)


def measure(runs: int, folder: Path) -> list[Row]:
    """CPU a tenant of `load_catalog` among 10, 100 and 1,000 tenants."""
    roots = [folder / str(size) for size in SIZES]
    for root, size in zip(roots, SIZES, strict=True):
        write(root, size)
    load_catalog(roots[0])
    taken = median_of(runs, cpu, *(partial(load_catalog, root) for root in roots))
    a_tenant = [seconds / size for seconds, size in zip(taken, SIZES, strict=True)]
    return growth("validate", "CPU a tenant", SIZES, a_tenant, [runs] * len(SIZES))
