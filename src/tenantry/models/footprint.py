"""What a model holds of the team's quota at its fewest replicas: what is there whether or not anybody asks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from tenantry.model_spec import ModelSpec
from tenantry.quantity import UNITS, to_bytes

EXECUTOR_CPU: Final = 500
"""Thousandths of a core of Seldon's executor, which stands beside the model in every pod (chart 1.17.1)."""
EXECUTOR_MEMORY: Final = 512
"""MiB of it."""


@dataclass(frozen=True)
class ModelFootprint:
    """Pods, and what they request."""

    pods: int = 0
    cpu: int = 0
    """Thousandths of a core."""
    memory: int = 0
    """MiB."""
    gpus: Counter[str] = field(default_factory=Counter)
    """GPUs by flavor."""

    def __add__(self, other: ModelFootprint) -> ModelFootprint:
        return ModelFootprint(
            self.pods + other.pods, self.cpu + other.cpu, self.memory + other.memory, self.gpus + other.gpus
        )


def replica(spec: ModelSpec) -> ModelFootprint:
    """One pod of a model: its container and the executor."""
    resources = spec.resources
    return ModelFootprint(
        pods=1,
        cpu=resources.millicores + EXECUTOR_CPU,
        memory=ceil(to_bytes(resources.memory) / UNITS["Mi"]) + EXECUTOR_MEMORY,
        gpus=Counter({resources.gpu.flavor: resources.gpu.count} if resources.gpu else {}),
    )


def footprint(spec: ModelSpec) -> ModelFootprint:
    """All versions of a model, each at its fewest replicas."""
    return total([replica(spec)] * (spec.replicas.min * len(spec.versions)))


def total(parts: Iterable[ModelFootprint]) -> ModelFootprint:
    """The sum."""
    return sum(parts, ModelFootprint())
