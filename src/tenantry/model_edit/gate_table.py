"""The gate of a model as a table: every metric with its limit, what both versions show, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tenantry.model_edit.words import number
from tenantry.model_spec import GateSpec, ModelSpec, VersionSpec
from tenantry.models.gates import GateFinding, judge

Verdict = Literal["passes", "overridden", "fails"]


@dataclass(frozen=True)
class GateRow:
    """One metric."""

    metric: str
    limit: str
    """What is asked for, in words."""
    stable: str
    """The number; empty where there is none."""
    candidate: str
    verdict: Verdict
    """Of the candidate, or of stable where there is none."""


def gate_rows(spec: ModelSpec) -> list[GateRow]:
    """A row for each metric of the gate, in the file's order."""
    found = judged(spec)
    return [
        GateRow(metric, limit(bound), _shown(spec.stable, metric), _shown(spec.candidate, metric), verdict)
        for metric, bound in spec.gate.items()
        for verdict in [_verdict([finding for finding in found if _concerns(finding, metric)])]
    ]


def judged(spec: ModelSpec) -> list[GateFinding]:
    """What is found of the version that a change is about: the candidate, or stable where there is none."""
    key = "candidate" if spec.candidate else "stable"
    return [finding for finding in judge(spec) if finding.version == key]


def unplaced(spec: ModelSpec) -> Iterator[str]:
    """What stands in no row: evidence that is missing as a whole, its data set or its report; and every override."""
    for finding in judge(spec):
        if not any(_is_of(finding, metric) for metric in spec.gate):
            yield f"{finding.version}: {finding.what}"
    for key, version in spec.versions.items():
        if version.override:
            yield f"{key} overridden by {version.override.approved_by}: {version.override.reason}"


def limit(bound: GateSpec) -> str:
    """The bounds of one metric in words."""
    words = [f"at least {number(bound.min)}"] if bound.min is not None else []
    words += [f"at most {number(bound.max)}"] if bound.max is not None else []
    if bound.max_regression is not None:
        words.append(f"no worse by {number(bound.max_regression)}" if bound.max_regression else "no worse")
    return ", ".join(words)


def _is_of(finding: GateFinding, metric: str) -> bool:
    return finding.keys[1:] == ("evidence", metric)


def _concerns(finding: GateFinding, metric: str) -> bool:
    # Without any evidence, no metric is shown.
    return _is_of(finding, metric) or len(finding.keys) == 1


def _verdict(found: list[GateFinding]) -> Verdict:
    if not found:
        return "passes"
    return "fails" if any(finding.override is None for finding in found) else "overridden"


def _shown(version: VersionSpec | None, metric: str) -> str:
    value = version.evidence.metrics.get(metric) if version and version.evidence else None
    return "" if value is None else number(value)
