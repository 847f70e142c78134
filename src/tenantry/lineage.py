"""Where a version of a model comes from: its run, the data that the run read, the code that it ran."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tenantry.registry.client import Client, Json, RegistryError, UnknownVersionError

COMMIT: Final = "mlflow.source.git.commit"
REPOSITORY: Final = "mlflow.source.git.repoURL"
PARENT: Final = "mlflow.parentRunId"
NAME: Final = "mlflow.runName"
CONTEXT: Final = "mlflow.data.context"
PIPELINE_RUN: Final = "kfp.pipeline_run_id"
"""Tag that Kubeflow Pipelines gives to the run above those of its steps."""
DEPTH: Final = 5
"""Runs above a run that are looked at. Pipelines makes one; a loop of tags ends here, too."""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Data that a run read."""

    name: str
    digest: str
    """As the run logged it: MLflow's own is 8 characters, a team's may be `sha256:` and 64."""
    context: str
    """What it was for, as in `training`. Empty: the run did not say."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """The run that made the model."""

    id: str
    name: str
    status: str
    datasets: tuple[Dataset, ...]
    code: str | None
    """Commit, of the run itself or of the nearest run above it that says one."""
    repository: str | None
    pipeline_run: str | None
    """Run of Kubeflow Pipelines that it was a step of."""
    metrics: Mapping[str, float]
    """The last value of each."""


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """A version and all that is known of where it comes from."""

    model: str
    version: str
    status: str
    """READY, or why it cannot be used yet."""
    aliases: tuple[str, ...]
    artifacts: str
    """Where its files are, as the registry says."""
    run: Run | None
    """None where it was registered from files that belong to no run."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What nobody logged, so that nobody can trace it."""
        if self.run is None:
            return ("run", "dataset", "code revision")
        gaps = {"dataset": self.run.datasets, "code revision": self.run.code}
        return tuple(what for what, known in gaps.items() if not known)


def lineage_of(client: Client, model: str, version: str | None = None) -> Lineage:
    """Everything that led to one version.

    Args:
        client: The team's registry.
        model: Name of the registered model.
        version: Its number, or `@` and an alias. None: the newest.

    Raises:
        UnknownVersionError: there is no such model or version, or its run was deleted for good.
        RegistryError: the registry cannot be asked.
    """
    found = model_version(client, model, version)
    name, number = text(found, "name"), text(found, "version")
    run = found.get("run_id")
    return Lineage(
        model=name,
        version=number,
        status=str(found.get("status", "READY")),
        aliases=tuple(sorted(found.get("aliases", ()))),
        artifacts=text(client.get("model-versions/get-download-uri", name=name, version=number), "artifact_uri"),
        run=run_of(client, str(run)) if run else None,
    )


def model_version(client: Client, model: str, version: str | None) -> Json:
    """The registry's own words on a version."""
    if version is None:
        latest = inside(client.get("registered-models/get", name=model), "registered_model").get("latest_versions")
        if not latest:
            raise UnknownVersionError(f'the model "{model}" has no version yet. Register one: docs/registry.md.')
        return dict(max(latest, key=lambda one: int(one["version"])))
    if version.startswith("@"):
        return inside(client.get("registered-models/alias", name=model, alias=version[1:]), "model_version")
    return inside(client.get("model-versions/get", name=model, version=version), "model_version")


def run_of(client: Client, run: str) -> Run:
    """A run, with what the runs above it say of the code and the pipeline."""
    found = inside(client.get("runs/get", run_id=run), "run")
    info, data = found.get("info", {}), found.get("data", {})
    tags = dict(pairs(data.get("tags", ())))
    above = inherited(client, tags)
    return Run(
        id=run,
        name=str(info.get("run_name") or tags.get(NAME, "")),
        status=str(info.get("status", "")),
        datasets=tuple(map(_dataset, found.get("inputs", {}).get("dataset_inputs", ()))),
        code=above.get(COMMIT),
        repository=above.get(REPOSITORY),
        pipeline_run=above.get(PIPELINE_RUN),
        metrics={str(one["key"]): float(one["value"]) for one in data.get("metrics", ())},
    )


def inherited(client: Client, tags: Mapping[str, str]) -> dict[str, str]:
    """Tags of a run and, where it does not say, of the runs above it. A commit and its repository go together."""
    known: dict[str, str] = {}
    for _ in range(DEPTH):
        if COMMIT not in known:
            known |= {key: tags[key] for key in (COMMIT, REPOSITORY) if COMMIT in tags and key in tags}
        if PIPELINE_RUN in tags:
            known.setdefault(PIPELINE_RUN, tags[PIPELINE_RUN])
        if {COMMIT, PIPELINE_RUN} <= known.keys() or not tags.get(PARENT):
            break
        above = inside(client.get("runs/get", run_id=tags[PARENT]), "run")
        tags = dict(pairs(above.get("data", {}).get("tags", ())))
    return known


def _dataset(one: Json) -> Dataset:
    context = dict(pairs(one.get("tags", ()))).get(CONTEXT, "")
    dataset = inside(one, "dataset")
    return Dataset(name=text(dataset, "name"), digest=text(dataset, "digest"), context=context)


def pairs(items: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Tags as MLflow lists them."""
    return ((str(one["key"]), str(one["value"])) for one in items)


def inside(document: Mapping[str, Any], key: str) -> Json:
    """An object that the answer must have."""
    found = document.get(key)
    if not isinstance(found, dict):
        raise RegistryError(f'the registry\'s answer has no "{key}". Is it MLflow 3?')
    return found


def text(document: Mapping[str, Any], key: str) -> str:
    """A text that the answer must have."""
    found = document.get(key)
    if not isinstance(found, str | int) or found == "":
        raise RegistryError(f'the registry\'s answer has no "{key}". Is it MLflow 3?')
    return str(found)
