"""A reference to a registered model, looked up once, when a model's file is written. No preview asks the registry."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tenantry.lineage import Dataset, Lineage, Run, lineage_of
from tenantry.models.addresses import OWN, SCHEME
from tenantry.registry.client import Client, UnknownVersionError
from tenantry.registry.words import FOLDER

REFERENCE: Final = re.compile(r"models:/(?P<model>[^/:@]+)(/(?P<version>[0-9]{1,9})|(?P<alias>@[^/:@]+))")
"""MLflow's own way to name a version, by its number or by an alias. Stages are gone from MLflow 3."""
PROXIED: Final = "mlflow-artifacts"
"""Scheme of addresses that only the registry's server can read."""
TRAINING: Final = "training"


@dataclass(frozen=True, kw_only=True)
class ResolvedVersion:
    """What stands in a model's file of a registered version."""

    version: str
    """Its number, also where an alias was asked for: what is written stays what it was."""
    reference: str
    """`models:/<model>/<number>`."""
    uri: str
    """Where its files are, in the team's own store."""
    evidence: dict[str, float | str]
    """Metrics of its run by name; `dataset` and `run` where they are known. What is no number (NaN) is left out."""
    run_id: str | None
    dataset_digest: str | None
    code_revision: str | None


def resolve(client: Client, reference: str) -> ResolvedVersion:
    """Look up a version.

    Args:
        client: The team's registry.
        reference: `models:/defect-detector/13` or `models:/defect-detector@champion`.

    Raises:
        UnknownVersionError: the reference is none, or names nothing that could be served.
        RegistryError: the registry cannot be asked.
    """
    parts = REFERENCE.fullmatch(reference)
    if not parts:
        raise UnknownVersionError(f'"{reference}" names no version. Write it as in models:/defect-detector/13.')
    found = lineage_of(client, parts["model"], parts["version"] or parts["alias"])
    if found.status != "READY":
        raise UnknownVersionError(f"{reference} is {found.status}, not READY. Register it again, or wait for it.")
    dataset = training_data(found)
    return ResolvedVersion(
        version=found.version,
        reference=f"models:/{found.model}/{found.version}",
        uri=store_uri(found.artifacts),
        evidence=evidence(found.run, dataset),
        run_id=found.run.id if found.run else None,
        dataset_digest=dataset.digest if dataset else None,
        code_revision=found.run.code if found.run else None,
    )


def training_data(found: Lineage) -> Dataset | None:
    """The data that the model was trained on: what says so, or the only data there is."""
    datasets = found.run.datasets if found.run else ()
    training = [one for one in datasets if one.context == TRAINING]
    several = training or datasets
    return several[0] if len(several) == 1 else None


def evidence(run: Run | None, dataset: Dataset | None) -> dict[str, float | str]:
    """What a gate is judged by."""
    if run is None:
        return {}
    numbers: dict[str, float | str] = {key: value for key, value in run.metrics.items() if math.isfinite(value)}
    return {**numbers, **({"dataset": dataset.digest} if dataset else {}), "run": run.id}


def store_uri(artifacts: str) -> str:
    """Address of the files for whoever does not go through the registry.

    The server puts what it proxies below one folder of the team's store, under the same path.
    """
    parts = urlsplit(artifacts)
    return f"{SCHEME}{OWN}/{FOLDER}{parts.path}" if parts.scheme == PROXIED else artifacts
