"""What a change of a model's file means, for the pull request and for a program."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tenantry.diff.markdown import code
from tenantry.model_edit.gate_table import GateRow, gate_rows, unplaced
from tenantry.model_spec import CandidateSpec, ModelSpec
from tenantry.models.gates import outcome

_PLAIN = re.compile(r"[A-Za-z0-9-](?:[A-Za-z0-9 .,:;/%+=@~-]*[A-Za-z0-9.%-])?")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one model's file."""

    tenant: str
    model: str
    path: str
    """The file, relative to the root."""
    title: str
    """What is done, as an order, without its full stop."""
    before: str | None
    """The file's text; None where there is none."""
    after: str
    old: ModelSpec | None
    new: ModelSpec
    judged: ModelSpec
    """The model whose gate decides about the change."""
    notes: Sequence[str] = ()
    """Sentences that whoever reviews it must know."""

    @property
    def diff(self) -> str:
        """The change of the file, as `diff -u` has it."""
        before = [] if self.before is None else self.before.replace("\r\n", "\n").splitlines()
        after = self.after.replace("\r\n", "\n").splitlines()
        old = "/dev/null" if self.before is None else f"a/{self.path}"
        return "\n".join(difflib.unified_diff(before, after, old, f"b/{self.path}", lineterm=""))


def to_markdown(change: Change) -> str:
    """The pull request's summary. Nothing in it is alive: no mention, link or markup that a file brought."""
    parts = [f"### {inert(f'{change.tenant}/{change.model}')}: {change.title}", *_states(change), ""]
    parts += [f"**Gate:** {outcome(change.judged)}", "", *gate_markdown(change.judged)]
    parts += [f"> {note}" for note in change.notes]
    return "\n".join((*parts, "", f"File: {inert(change.path)}", ""))


def inert(text: str) -> str:
    """Text as inline code: between backticks where it has nothing that ends them or a table's cell."""
    return f"`{text}`" if _PLAIN.fullmatch(text) else code(text)


def _states(change: Change) -> Iterator[str]:
    yield "| | before | after |"
    yield "|---|---|---|"
    for label, of in (("stable", _stable), ("candidate", candidate_words), ("traffic", traffic_words)):
        old = inert(of(change.old)) if change.old else ""
        yield f"| {label} | {old} | {inert(of(change.new))} |"


def gate_markdown(spec: ModelSpec) -> Iterator[str]:
    """The gate as a table, and below it what belongs to no metric."""
    candidate = f"candidate {spec.candidate.version}" if spec.candidate else "candidate"
    yield f"| metric | limit | {inert(f'stable {spec.stable.version}')} | {inert(candidate)} | verdict |"
    yield "|---|---|--:|--:|---|"
    for row in gate_rows(spec):
        yield f"| {' | '.join(inert(cell) for cell in cells(row))} |"
    yield ""
    yield from (f"- {inert(said)}" for said in unplaced(spec))


def cells(row: GateRow) -> tuple[str, ...]:
    """A row of the gate's table as words."""
    return row.metric, row.limit, row.stable or "-", row.candidate or "-", row.verdict


def _stable(spec: ModelSpec) -> str:
    return spec.stable.version


def candidate_words(spec: ModelSpec) -> str:
    """The candidate and what it gets, as in `13, canary 10 %`."""
    return f"{spec.candidate.version}, {rollout_words(spec.candidate)}" if spec.candidate else "none"


def rollout_words(candidate: CandidateSpec) -> str:
    """What a candidate gets, as in `canary 10 %, steps 10, 25, 50`."""
    rollout = candidate.rollout
    steps = f", steps {', '.join(map(str, rollout.steps))}" if rollout.steps else ""
    return f"{rollout.strategy} {rollout.traffic or rollout.mirror} %{steps}"


def weights(spec: ModelSpec) -> dict[str, int]:
    """Percent of the requests that each version answers. What a shadow sees is answered by stable."""
    share = spec.candidate.rollout.traffic or 0 if spec.candidate else 0
    return {"stable": 100 - share, **({"candidate": share} if spec.candidate else {})}


def traffic_words(spec: ModelSpec) -> str:
    """Who answers how much, as in `stable 90 %, candidate 10 %`."""
    return ", ".join(f"{key} {percent} %" for key, percent in weights(spec).items())


def to_json(change: Change) -> dict[str, Any]:
    """The same for a program."""
    return {
        "tenant": change.tenant,
        "model": change.model,
        "file": change.path,
        "title": change.title,
        "before": state(change.old) if change.old else None,
        "after": state(change.new),
        "gate": gate_document(change.judged),
        "notes": list(change.notes),
        "diff": change.diff,
    }


def state(spec: ModelSpec) -> dict[str, Any]:
    """Versions, rollout and weights of a model."""
    candidate = spec.candidate
    return {
        "stable": spec.stable.version,
        "candidate": candidate.version if candidate else None,
        "rollout": candidate.rollout.model_dump(mode="json", exclude_none=True) if candidate else None,
        "weights": weights(spec),
    }


def gate_document(spec: ModelSpec) -> dict[str, Any]:
    """The gate's outcome, a row a metric, and what belongs to no metric."""
    rows = [vars(row) for row in gate_rows(spec)]
    return {"outcome": outcome(spec), "metrics": rows, "findings": list(unplaced(spec))}
