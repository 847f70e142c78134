"""What a person waits for before Tenantry does anything."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.measure import Row, cpu_side_by_side

RUNS = 9

AIM = "below 0.3 s of CPU"


def measure() -> list[Row]:
    """CPU of `tenantry --help` against that of a Python that does nothing."""
    tenantry = str(Path(sys.executable).with_name("tenantry"))
    nothing, help_ = cpu_side_by_side(RUNS, [sys.executable, "-c", "pass"], [tenantry, "--help"])
    return [
        Row("startup", "python -c pass (CPU)", nothing, "run", RUNS),
        Row("startup", "tenantry --help (CPU)", help_, "run", RUNS, help_ / nothing, "python -c pass", AIM),
    ]
