"""A model's file holds together, seen alone: what its runtime needs, and what Seldon's webhook would refuse later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from tenantry import names
from tenantry.errors import Problem
from tenantry.model_spec import CandidateSpec, ModelSpec, VersionSpec
from tenantry.models.runtimes import CUSTOM, RUNTIMES
from tenantry.yaml_source import Document, Keys, dotted

Found = Iterator[tuple[Keys, str, str]]
"""Where something is wrong, what, and what would be right."""


def problems(spec: ModelSpec, document: Document) -> Iterator[Problem]:
    """What is wrong with a file that its model accepts."""
    for rule in RULES:
        for keys, what, fix in rule(spec, document):
            yield Problem(*document.value(keys), dotted(keys), what, fix)


def identity(spec: ModelSpec, document: Document) -> Found:
    """The id is the file's name, and every name that Seldon makes of it fits."""
    stem = PurePosixPath(document.path).stem
    if spec.id != stem:
        fix = f'Write "{stem}". An id stays for good: a new one is a new model'
        yield ("id",), f'is "{spec.id}", and its file is "{stem}.yaml"', fix
    if len(spec.id) > names.MODEL_ID_MAX:
        longest = len(names.model_deployment(spec.id, "v" * names.PREDICTOR_MAX))
        what = f"makes Deployments of up to {longest} characters, whose names Seldon would replace by a hash"
        yield ("id",), what, f"Choose an id of at most {names.MODEL_ID_MAX} characters"


def runtime(spec: ModelSpec, _: Document) -> Found:
    """Protocol, task, files and container are those that the runtime knows."""
    spoken = RUNTIMES[spec.runtime].protocols
    if spec.protocol not in spoken:
        yield ("protocol",), f"{spec.runtime} does not speak {spec.protocol}", f"Write {spoken[0]}, or remove the key"
    if spec.task and spec.runtime != "huggingface":
        yield ("task",), f"{spec.runtime} has no tasks", "Remove it, or choose runtime huggingface"
    for key, version in spec.versions.items():
        yield from _served(spec, key, version)


def _served(spec: ModelSpec, key: str, version: VersionSpec) -> Found:
    if spec.runtime == CUSTOM:
        if version.image is None:
            fix = "Write image with the container, by its digest: registry/path@sha256:…"
            yield (key, "image"), "is missing: runtime custom is a container of your own", fix
        return
    if version.image is not None:
        fix = "Remove it, or choose runtime custom"
        yield (key, "image"), f"{spec.runtime} brings its own container", fix
    if version.uri is None:
        what, fix = f"is missing: {spec.runtime} loads the model's files from it", "Write uri: s3://artifacts/path"
        yield (key, "uri"), what, fix


def candidate(spec: ModelSpec, _: Document) -> Found:
    """The candidate is another version of something else than stable."""
    new, old = spec.candidate, spec.stable
    if new is None:
        return
    if new.version == old.version:
        what = f'is "{new.version}", and so is stable'
        yield ("candidate", "version"), what, "Write the new version's name, or remove the candidate"
    served = "image" if spec.runtime == CUSTOM else "uri"
    if (new.uri, new.image) == (old.uri, old.image) and getattr(new, served):
        what = f"is {served} of stable too: both versions would serve the same"
        yield ("candidate", served), what, "Write where the new version's files are, or remove the candidate"
    yield from _rollout(new)


def _rollout(new: CandidateSpec) -> Found:
    at, rollout = ("candidate", "rollout"), new.rollout
    canary = rollout.strategy == "canary"
    needs, other = ("traffic", "mirror") if canary else ("mirror", "traffic")
    if getattr(rollout, needs) is None:
        share = "answers, from 1 to 99" if canary else "sees, from 1 to 100"
        yield (*at, needs), f"is missing with {rollout.strategy}", f"Write the percent of requests that it {share}"
    if getattr(rollout, other) is not None:
        fix = f"Remove it; {needs} says how much a {rollout.strategy} gets"
        yield (*at, other), f"has no meaning with {rollout.strategy}", fix
    if rollout.steps and not canary:
        yield (*at, "steps"), "has no meaning with shadow", "Remove it: a shadow answers nobody"
    if rollout.steps and canary and rollout.traffic is not None and rollout.traffic not in rollout.steps:
        words = ", ".join(map(str, rollout.steps))
        yield (*at, "traffic"), f"{rollout.traffic} is not one of the steps", f"Write one of: {words}"


def gate(spec: ModelSpec, _: Document) -> Found:
    """Every bound of the gate can be judged."""
    for metric, bound in spec.gate.items():
        at = ("gate", metric)
        if bound.min is None and bound.max is None and bound.max_regression is None:
            yield at, "demands nothing", "Write at least one of min, max and max_regression"
        if bound.min is not None and bound.max is not None and bound.min > bound.max:
            yield (*at, "max"), f"{bound.max} is below min, {bound.min}", "Write min and max the other way round"
        if bound.max_regression is not None and bound.direction is None:
            what = "is missing: nothing says which way the metric gets worse"
            yield (*at, "better"), what, "Write better: higher, or better: lower"


def replicas(spec: ModelSpec, _: Document) -> Found:
    """The range of replicas is one."""
    if spec.replicas.highest < spec.replicas.min:
        what = f"{spec.replicas.max} is below min, {spec.replicas.min}"
        yield ("replicas", "max"), what, "Write at least min, or remove it"


RULES = (identity, runtime, candidate, gate, replicas)
