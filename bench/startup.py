"""What a person waits for before Tenantry does anything."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.measure import Row, cpu, median_of, run


def measure(runs: int) -> list[Row]:
    """CPU of `tenantry --help` against that of a Python that does nothing."""
    tenantry = str(Path(sys.executable).with_name("tenantry"))
    nothing, help_ = median_of(3 * runs, cpu, run(sys.executable, "-c", "pass"), run(tenantry, "--help"))
    return [
        Row("startup", "python -c pass", nothing, "CPU a run", 3 * runs),
        Row("startup", "tenantry --help", help_, "CPU a run", 3 * runs, help_ / nothing, "below 0.3 s"),
    ]
