"""The text of a new model's file, and of a version that comes into an old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tenantry.model_edit.words import block, numbers, word

SCHEMA_LINE: Final = "# yaml-language-server: $schema=../../model.schema.json"
"""What makes an editor check and complete the file."""


@dataclass(frozen=True, kw_only=True)
class NewVersion:
    """A version, as somebody named it or a registry knows it."""

    version: str
    uri: str | None = None
    image: str | None = None
    """Container of a custom runtime."""
    registry: str | None = None
    """Reference that the rest was looked up from."""
    evidence: Mapping[str, str | float] = field(default_factory=dict)
    """Metrics by name, and `dataset`, `report` and `run`."""
    approved_by: str | None = None
    override: str | None = None
    """Value of the key `override`, as `override` makes it."""


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """How much a candidate gets, in percent: of the traffic, or of its copies."""

    canary: int | None = None
    steps: Sequence[int] = ()
    shadow: int | None = None


@dataclass(frozen=True, kw_only=True)
class NewModel:
    """A model that has no file yet."""

    id: str
    runtime: str
    cpu: float
    memory: str
    gpu: tuple[str, int] | None = None
    """Flavor and number."""
    replicas: tuple[int, int | None] = (1, None)
    """Least and most."""
    task: str | None = None
    gate: Mapping[str, Mapping[str, float]]
    """Bounds by metric: `min`, `max`, `max_regression`."""
    stable: NewVersion


def candidate(new: NewVersion, rollout: Rollout) -> str:
    """The lines of the key `candidate`."""
    return "".join(f"{line}\n" for line in (*_version("candidate", new), f"  rollout: {_rollout(rollout)}"))


def override(reason: str, approved_by: str) -> str:
    """The value of the key `override`."""
    return block({"reason": reason, "approved_by": approved_by})


def new_file(model: NewModel) -> str:
    """The whole file of a new model. Its comments stand on lines of their own: no later edit takes them away."""
    return "".join(f"{line}\n" for line in _lines(model))


def _lines(model: NewModel) -> Iterator[str]:
    yield SCHEMA_LINE
    yield "## The id names the file and the SeldonDeployment, and never changes."
    yield f"id: {word(model.id)}"
    yield f"runtime: {word(model.runtime)}"
    if model.task:
        yield f"task: {word(model.task)}"
    yield "## What one replica holds, and how many there are of each version."
    gpu = f", gpu: {block({'flavor': model.gpu[0], 'count': model.gpu[1]})}" if model.gpu else ""
    yield f"resources: {{cpu: {word(model.cpu)}, memory: {word(model.memory)}{gpu}}}"
    yield f"replicas: {block({'min': model.replicas[0], 'max': model.replicas[1]})}"
    yield "## The version that serves. The next one comes below it: tenantry model add."
    yield from _version("stable", model.stable)
    yield "## What a version's metrics must show before it gets traffic."
    yield "gate:"
    yield from (f"  {word(metric)}: {block(dict(bounds))}" for metric, bounds in model.gate.items())
    yield "## What callers may count on. Remove the # and correct the numbers; alerts are made from them."
    yield "# objectives: {latency_p95_ms: 200, availability: 0.995}"


def _version(key: str, new: NewVersion) -> Iterator[str]:
    yield f"{key}:"
    for name in ("version", "uri", "image", "registry", "approved_by"):
        if value := getattr(new, name):
            yield f"  {name}: {word(value)}"
    if new.evidence:
        yield "  evidence:"
        yield from (f"    {word(name)}: {word(value)}" for name, value in new.evidence.items())
    if new.override:
        yield f"  override: {new.override}"


def _rollout(rollout: Rollout) -> str:
    if rollout.canary is None:
        return block({"strategy": "shadow", "mirror": rollout.shadow})
    plan = f", steps: {numbers(rollout.steps)}" if rollout.steps else ""
    return f"{{strategy: canary, traffic: {rollout.canary}{plan}}}"
