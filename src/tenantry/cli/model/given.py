"""What the command line says of a new version: metrics, bounds and percents, read strictly."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenantry.cli.failure import UsageError
from tenantry.cli.output import say
from tenantry.scalars import AmbiguousError, resolve

if TYPE_CHECKING:
    from tenantry.model_edit.draft import NewVersion
    from tenantry.registry.resolve import ResolvedVersion

URL_VARIABLE, TOKEN_VARIABLE = "MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_TOKEN"
"""Where MLflow's own tools look for a registry's address and token."""


@dataclass(frozen=True, kw_only=True)
class GivenVersion:
    """A version as the command line names it. None and empty are what it does not say."""

    version: str | None = None
    uri: str | None = None
    image: str | None = None
    registry: str | None = None
    registry_url: str | None = None
    metrics: Sequence[str] = ()
    dataset: str | None = None
    report: str | None = None
    run: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class GivenModel:
    """What the command line says of a model that has no file yet."""

    runtime: str | None = None
    task: str | None = None
    cpu: float | None = None
    memory: str | None = None
    gpus: str | None = None
    replicas: int | None = None
    max_replicas: int | None = None
    gate_min: Sequence[str] = ()
    gate_max: Sequence[str] = ()
    max_regression: Sequence[str] = ()

    @property
    def flags(self) -> list[str]:
        """The flags that were given."""
        return [f"--{name.replace('_', '-')}" for name, value in vars(self).items() if value not in (None, ())]

    @property
    def gate(self) -> dict[str, dict[str, float]]:
        """Bounds by metric.

        Raises:
            UsageError: one of them is no metric with its number.
        """
        found: dict[str, dict[str, float]] = {}
        for key, flag, given in (
            ("min", "--gate-min", self.gate_min),
            ("max", "--gate-max", self.gate_max),
            ("max_regression", "--max-regression", self.max_regression),
        ):
            for metric, value in pairs(given, flag).items():
                found.setdefault(metric, {})[key] = value
        return found

    @property
    def gpu(self) -> tuple[str, int] | None:
        """Flavor and number of GPUs, from a text such as `a10g=1`.

        Raises:
            UsageError: it is not written so.
        """
        if self.gpus is None:
            return None
        flavor, _, count = self.gpus.partition("=")
        if not (flavor and count.isdecimal() and count.isascii()):
            raise UsageError(f'--gpus "{self.gpus}" are no GPUs. Write flavor and number, as in --gpus a10g=1.')
        return flavor, int(count)

    def missing(self) -> list[str]:
        """Flags that a new model cannot do without, and that were not given."""
        needed = {"--runtime": self.runtime, "--gate-min or --gate-max": [*self.gate_min, *self.gate_max]}
        return [flag for flag, value in needed.items() if not value]


def complete(given: GivenVersion, besides: Sequence[str] = ()) -> NewVersion:
    """The version, looked up in its registry where one is named. What the command line says goes before that.

    Args:
        given: what is said of it.
        besides: flags that are missing for another reason, so that all are named at once.

    Raises:
        UsageError: it is not named, or a metric is no number.
        TenantryError: the registry does not know it, or does not answer.
    """
    from tenantry.model_edit.draft import NewVersion  # noqa: PLC0415 - only for edits

    missing = [*([] if given.version or given.registry else ["--version or --registry"]), *besides]
    if missing:
        raise UsageError(f"missing: {', '.join(missing)}.")
    found = _looked_up(given) if given.registry else None
    own = {"dataset": given.dataset, "report": given.report, "run": given.run}
    evidence = {**fitting(found.evidence if found else {}), **pairs(given.metrics, "--metric")}
    return NewVersion(
        version=given.version or (found.version if found else ""),
        uri=given.uri or (found.uri if found else None),
        image=given.image,
        registry=found.reference if found else None,
        evidence={**evidence, **{key: value for key, value in own.items() if value}},
        approved_by=given.approved_by,
    )


def _looked_up(given: GivenVersion) -> ResolvedVersion:
    from tenantry.registry.client import Client  # noqa: PLC0415 - only where a registry is asked
    from tenantry.registry.resolve import resolve as look_up  # noqa: PLC0415 - only where a registry is asked

    url = given.registry_url or os.environ.get(URL_VARIABLE)
    if not url:
        raise UsageError(f"which registry? Name its address: --registry-url URL, or {URL_VARIABLE}.")
    return look_up(Client(url, os.environ.get(TOKEN_VARIABLE)), given.registry or "")


def fitting(evidence: Mapping[str, str | float]) -> dict[str, str | float]:
    """What a model's file can hold of a registry's evidence; what it cannot is named on stderr."""
    from pydantic import ValidationError  # noqa: PLC0415 - 0.2 s

    from tenantry.diff.lines import printable  # noqa: PLC0415 - 0.1 s
    from tenantry.model_spec import EvidenceSpec  # noqa: PLC0415 - 0.3 s

    kept: dict[str, str | float] = {}
    for key, value in evidence.items():
        try:
            EvidenceSpec.model_validate({key: value})
            kept[key] = value
        except ValidationError as error:
            say(f"Left out {printable(key)}: {printable(error.errors()[0]['msg'])}.", "yellow")
    return kept


def pairs(given: Iterable[str], flag: str) -> dict[str, float]:
    """Metrics and their numbers, from texts such as `auc=0.91`.

    Raises:
        UsageError: one is not written so, or its number could be read in two ways.
    """
    found: dict[str, float] = {}
    for text in given:
        name, _, written = text.rpartition("=")
        try:
            value = resolve(written)
        except AmbiguousError:
            value = written
        if not name or isinstance(value, str | bool):
            raise UsageError(f'{flag} "{text}" is no metric with its number. Write it as in {flag} auc=0.91.')
        found[name] = value
    return found


def percents(text: str | None) -> tuple[int, ...]:
    """Steps, from a text such as `10,25,50`.

    Raises:
        UsageError: one of them is no whole number.
    """
    words = [word.strip() for word in (text or "").split(",") if word.strip()]
    if not all(word.isdecimal() and word.isascii() for word in words):
        raise UsageError(f'--steps "{text}" are no percents. Write them as in --steps 10,25,50.')
    return tuple(map(int, words))
