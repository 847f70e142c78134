"""Gates before traffic: what a version has shown, against what its model demands and against the version that serves.

Pure: from a model's file alone. Every version that the file names gets traffic, so every one is judged: `stable` by
the bounds, `candidate` by the bounds and by `stable`. Numbers are compared as the decimals that a person wrote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from tenantry.model_spec import EvidenceSpec, GateSpec, ModelSpec, OverrideSpec, VersionSpec
from tenantry.names import LABEL_DOMAIN
from tenantry.near import near

GATE_ANNOTATION: Final = f"{LABEL_DOMAIN}/gate"
EVIDENCE_ANNOTATION: Final = f"{LABEL_DOMAIN}/evidence"
OVERRIDE_ANNOTATION: Final = f"{LABEL_DOMAIN}/gate-overridden-by"
Outcome = Literal["passed", "overridden", "failed"]


@dataclass(frozen=True)
class GateFinding:
    """One thing that a version has not shown."""

    version: str
    """Its key in the file: `stable` or `candidate`."""
    keys: tuple[str, ...]
    """Where in the file; the closest block that is there stands for what is missing."""
    what: str
    """What is wrong: one sentence without its full stop."""
    fix: str
    """What would be right, in one sentence without its full stop."""
    override: OverrideSpec | None = None
    """Who let it serve all the same; None where the finding stands in its way."""


def judge(spec: ModelSpec) -> list[GateFinding]:
    """Everything that the versions of a model have not shown, overridden or not, in the file's order."""
    found: list[GateFinding] = []
    for key, version in spec.versions.items():
        against = spec.stable if key == "candidate" else None
        for keys, what, fix in _judged(spec.gate, version, against):
            found.append(GateFinding(key, (key, *keys), what, fix, version.override))
    return found


def standing(spec: ModelSpec) -> list[GateFinding]:
    """What stands in the way: everything that nobody has overridden."""
    return [finding for finding in judge(spec) if finding.override is None]


def outcome(spec: ModelSpec) -> Outcome:
    """The gate in a word."""
    found = judge(spec)
    if any(finding.override is None for finding in found):
        return "failed"
    return "overridden" if found else "passed"


def gate_annotations(spec: ModelSpec) -> dict[str, str]:
    """What the model's SeldonDeployment says of its gate, for the cluster's own rules and for people.

    The digest is of the gate and all evidence, so that what was judged can be told from what is there. Who overrode
    is named for each version that needed it.
    """
    by = {finding.version: finding.override.approved_by for finding in judge(spec) if finding.override}
    named = ",".join(f"{version}={who}" for version, who in sorted(by.items()))
    return {
        GATE_ANNOTATION: outcome(spec),
        EVIDENCE_ANNOTATION: digest(spec),
        **({OVERRIDE_ANNOTATION: named} if named else {}),
    }


def digest(spec: ModelSpec) -> str:
    """Of the gate and of each version's name and evidence; the same for every spelling of the same file."""
    gate = {metric: bound.model_dump(mode="json") for metric, bound in spec.gate.items()}
    shown = {
        key: [version.version, version.evidence.model_dump(mode="json") if version.evidence else None]
        for key, version in spec.versions.items()
    }
    text = json.dumps([gate, shown], sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


_Found = Iterator[tuple[tuple[str, ...], str, str]]


def _judged(gate: Mapping[str, GateSpec], version: VersionSpec, against: VersionSpec | None) -> _Found:
    if version.evidence is None:
        yield (), f"version {version.version} has no evidence", f"Write evidence with {', '.join(gate)}"
        return
    yield from _provenance(version.evidence)
    comparable = against is not None and any(bound.max_regression is not None for bound in gate.values())
    if comparable and against is not None:
        yield from _same_data(version.evidence, against.evidence)
    for metric, bound in gate.items():
        yield from _metric(metric, bound, version.evidence)
        if against is not None and bound.max_regression is not None:
            yield from _regression(metric, bound, version.evidence, against.evidence)


def _provenance(evidence: EvidenceSpec) -> _Found:
    if evidence.dataset is None:
        fix = "Write dataset: sha256:… of the data set that the metrics were measured on"
        yield ("evidence", "dataset"), "evidence names no data set", fix
    if evidence.report is None:
        fix = "Write report: s3://artifacts/… of the evaluation report"
        yield ("evidence", "report"), "evidence names no report", fix


def _same_data(new: EvidenceSpec, old: EvidenceSpec | None) -> _Found:
    if old is not None and old.dataset is not None and new.dataset is not None and new.dataset != old.dataset:
        what = "was measured on another data set than stable: they do not compare"
        yield ("evidence", "dataset"), what, "Evaluate both on one data set, and write what that found"


def _metric(metric: str, bound: GateSpec, evidence: EvidenceSpec) -> _Found:
    keys, value = ("evidence", metric), evidence.metrics.get(metric)
    if value is None:
        yield keys, f"evidence has no {metric}, which the gate asks for", near(metric, evidence.metrics)
        return
    if bound.min is not None and _exact(value) < _exact(bound.min):
        yield keys, f"{metric} is {_words(value)}, below {_words(bound.min)}", _WAY_OUT
    if bound.max is not None and _exact(value) > _exact(bound.max):
        yield keys, f"{metric} is {_words(value)}, above {_words(bound.max)}", _WAY_OUT


def _regression(metric: str, bound: GateSpec, new: EvidenceSpec, old: EvidenceSpec | None) -> _Found:
    after, before = new.metrics.get(metric), old.metrics.get(metric) if old else None
    if after is None or bound.max_regression is None:
        return
    if before is None:
        what = f"{metric} cannot be compared: stable has none"
        yield ("evidence", metric), what, f"Write {metric} into stable's evidence"
        return
    loss = _exact(before) - _exact(after)
    worse = -loss if bound.direction == "lower" else loss
    if worse > _exact(bound.max_regression):
        what = f"{metric} is {_words(after)}, worse than stable's {_words(before)} by {worse.normalize():f}"
        yield ("evidence", metric), f"{what}; {_words(bound.max_regression)} is allowed", _WAY_OUT


_WAY_OUT: Final = "Train a better version, or write override with a reason and who decided"


def _exact(number: float) -> Decimal:
    """The decimal that stands in the file: 0.91 less 0.9 is 0.01, and no binary fraction above it."""
    return Decimal(repr(number))


def _words(number: float) -> str:
    return f"{_exact(number).normalize():f}"
