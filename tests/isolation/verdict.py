"""What a run says of each row, from the names of its tests: `A18-…` and `test_a18_…`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

ROW = re.compile(r"test_a(\d\d)_|\[A(\d\d)-")


@dataclass
class Verdict:
    """Cases by row."""

    passed: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    guards: dict[str, Any] = field(default_factory=dict)
    """How many guards there are, how many were missed once taken away, and which were not."""

    def take(self, report: pytest.TestReport) -> None:
        """Count one report. A case counts once, when its body ran; a set-up that failed is a failure."""
        found = ROW.search(report.nodeid)
        if found is None:
            return
        row = f"A{found[1] or found[2]}"
        if report.failed:
            self.failed[row] += 1
        elif report.when == "call" and report.passed:
            self.passed[row] += 1


COUNTED = pytest.StashKey[Verdict]()
