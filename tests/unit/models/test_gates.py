"""What a version must have shown before it gets traffic."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.models.effective import read_model
from tenantry.models.gates import digest, gate_annotations, judge, outcome, standing
from tests.unit.models.examples import DATA, OTHER_DATA, OVERRIDE, Edit, model, put
from tests.unit.projects import CASES

NEW, OLD = ("candidate", "evidence"), ("stable", "evidence")
BETTER = "Train a better version, or write override with a reason and who decided"


def said(*edits: Edit) -> list[str]:
    return [f"{'.'.join(found.keys)}: {found.what}" for found in judge(model(*edits))]


def test_a_model_that_shows_what_it_must_passes() -> None:
    assert judge(model()) == []
    assert outcome(model()) == "passed"


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        pytest.param([put(None, *NEW)], ["candidate: version 13 has no evidence"], id="no evidence"),
        pytest.param([put(None, *OLD), put(None, "candidate")], ["stable: version 12 has no evidence"], id="first"),
        pytest.param(
            [put(None, *NEW, "auc")],
            ["candidate.evidence.auc: evidence has no auc, which the gate asks for"],
            id="no metric",
        ),
        pytest.param(
            [put(None, *NEW, "dataset")],
            ["candidate.evidence.dataset: evidence names no data set"],
            id="no data set",
        ),
        pytest.param([put(None, *NEW, "report")], ["candidate.evidence.report: evidence names no report"], id="report"),
        pytest.param(
            [put(0.8999, *NEW, "auc")],
            [
                "candidate.evidence.auc: auc is 0.8999, below 0.9",
                "candidate.evidence.auc: auc is 0.8999, worse than stable's 0.91 by 0.0101; 0.01 is allowed",
            ],
            id="too low",
        ),
        pytest.param(
            [put(50.5, *NEW, "latency_ms"), put(50.5, *OLD, "latency_ms")],
            [
                "stable.evidence.latency_ms: latency_ms is 50.5, above 50",
                "candidate.evidence.latency_ms: latency_ms is 50.5, above 50",
            ],
            id="too high, both",
        ),
        pytest.param(
            [put(41, *NEW, "latency_ms")],
            ["candidate.evidence.latency_ms: latency_ms is 41, worse than stable's 40 by 1; 0 is allowed"],
            id="no worse at all",
        ),
        pytest.param(
            [put(OTHER_DATA, *NEW, "dataset")],
            ["candidate.evidence.dataset: was measured on another data set than stable: they do not compare"],
            id="another data set",
        ),
        pytest.param(
            [put(None, *OLD), put(OVERRIDE, "stable", "override")],
            [
                "stable: version 12 has no evidence",
                "candidate.evidence.auc: auc cannot be compared: stable has none",
                "candidate.evidence.latency_ms: latency_ms cannot be compared: stable has none",
            ],
            id="nothing to compare with",
        ),
    ],
)
def test_what_is_not_shown_is_said_with_its_place(edits: list[Edit], expected: list[str]) -> None:
    assert said(*edits) == expected
    assert outcome(model(*edits)) == "failed"


def test_better_is_no_regression() -> None:
    assert said(put(0.99, *NEW, "auc"), put(1, *NEW, "latency_ms")) == []


def test_another_data_set_is_nothing_where_no_metric_is_compared() -> None:
    assert said(put(OTHER_DATA, *NEW, "dataset"), put({"auc": {"min": 0.9}}, "gate")) == []


def test_numbers_are_compared_as_they_are_written() -> None:
    # As binary fractions, 0.91 - 0.9 is above 0.01.
    assert 0.91 - 0.9 > 0.01
    assert said(put(0.91, *OLD, "auc"), put(0.9, *NEW, "auc")) == []


def test_the_nearest_metric_is_named() -> None:
    [found] = judge(model(put(None, *NEW, "auc"), put(0.95, *NEW, "aucc")))
    assert found.fix == 'Did you mean "aucc"?'


@given(
    stable=st.floats(0, 1, allow_nan=False).map(lambda number: round(number, 6)),
    candidate=st.floats(0, 1, allow_nan=False).map(lambda number: round(number, 6)),
    allowed=st.floats(0, 1, allow_nan=False).map(lambda number: round(number, 6)),
)
def test_a_regression_is_one_in_the_direction_that_is_worse(stable: float, candidate: float, allowed: float) -> None:
    def found(better: str) -> bool:
        gate = {"auc": {"max_regression": allowed, "better": better}}
        return bool(said(put(gate, "gate"), put(stable, *OLD, "auc"), put(candidate, *NEW, "auc")))

    millionths = round(stable * 10**6) - round(candidate * 10**6)
    assert found("higher") is (millionths > round(allowed * 10**6))
    assert found("lower") is (-millionths > round(allowed * 10**6))


def test_an_override_is_of_its_own_version_alone() -> None:
    low, bad = put(0.8, *NEW, "auc"), put(0.8, *OLD, "auc")
    both = model(low, bad, put(OVERRIDE, "candidate", "override"))
    assert [finding.version for finding in standing(both)] == ["stable"]
    assert outcome(both) == "failed"
    assert outcome(model(low, put(OVERRIDE, "candidate", "override"))) == "overridden"


def test_an_override_that_nothing_needs_changes_nothing() -> None:
    spec = model(put(OVERRIDE, "candidate", "override"))
    assert outcome(spec) == "passed"
    assert "head@example.com" not in str(gate_annotations(spec))


def test_a_shadow_is_judged_as_a_canary_is() -> None:
    shadow = put({"strategy": "shadow", "mirror": 100}, "candidate", "rollout")
    assert outcome(model(shadow, put(0.8, *NEW, "auc"))) == "failed"


def test_what_the_cluster_is_told() -> None:
    low = put(0.8, *NEW, "auc")
    assert gate_annotations(model()) == {"tenantry.dev/gate": "passed", "tenantry.dev/evidence": digest(model())}
    assert gate_annotations(model(low))["tenantry.dev/gate"] == "failed"
    overridden = model(low, put(OVERRIDE, "candidate", "override"))
    assert gate_annotations(overridden) == {
        "tenantry.dev/gate": "overridden",
        "tenantry.dev/evidence": digest(overridden),
        "tenantry.dev/gate-overridden-by": "candidate=head@example.com",
    }


def test_the_digest_changes_with_what_was_judged_and_with_nothing_else() -> None:
    changes = [
        put(0.92, *NEW, "auc"),
        put(OTHER_DATA, *NEW, "dataset"),
        put(0.89, "gate", "auc", "min"),
        put("14", "candidate", "version"),
        put(None, "candidate"),
    ]
    digests = {digest(model()), *(digest(model(change)) for change in changes)}
    assert len(digests) == len(changes) + 1
    assert digest(model(put(3, "resources", "cpu"), put(20, "candidate", "rollout", "traffic"))) == digest(model())
    assert digest(model(put(DATA, *NEW, "dataset"))) == digest(model())


def test_the_way_out_is_said() -> None:
    [first, *_] = judge(model(put(0.8, *NEW, "auc")))
    assert first.fix == BETTER


@pytest.mark.parametrize("file", sorted((CASES / "valid/models-of-the-demo").glob("tenants/*/models/*.yaml")), ids=str)
def test_the_models_of_the_demo_pass(file: Path) -> None:
    assert judge(read_model(CASES, file).spec) == []
