"""Reading and checking every file, with the rules between tenants."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bench.generate import write
from bench.measure import Row, cpu, growth, median_of
from tenantry.catalog import load_catalog

SIZES = (10, 100, 1000)


def measure(runs: int, folder: Path) -> list[Row]:
    """CPU a tenant of `load_catalog` among 10, 100 and 1,000 tenants.

    A run reads each size as often as makes 1,000 tenants: 10 tenants alone take too little time to be measured.
    """
    roots = [folder / str(size) for size in SIZES]
    for root, size in zip(roots, SIZES, strict=True):
        write(root, size)
    load_catalog(roots[0])
    loads = [partial(_load, root, SIZES[-1] // size) for root, size in zip(roots, SIZES, strict=True)]
    taken = median_of(runs, cpu, *loads)
    a_tenant = [seconds / SIZES[-1] for seconds in taken]
    return growth("validate", "CPU a tenant", SIZES, a_tenant, [runs] * len(SIZES))


def _load(root: Path, times: int) -> None:
    for _ in range(times):
        load_catalog(root)
