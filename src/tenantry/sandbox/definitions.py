"""Which kinds of other projects the sandbox serves: permissive definitions, or the real ones from a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from tenantry.errors import InputError, Problem
from tenantry.kube import Kube, KubeError
from tenantry.sandbox.kinds import KINDS, permissive
from tenantry.sandbox.nodes import FIELD_MANAGER

Json = dict[str, Any]
Served = list[tuple[str, str]]
"""API versions and kinds."""
TABLE: Final[Served] = [(f"{kind.group}/{version}", kind.kind) for kind in KINDS for version in kind.versions]
"""What every sandbox serves."""
DEFINITION: Final = "CustomResourceDefinition"
PARALLEL: Final = 4
"""Definitions applied at once. The API server's own work is the limit, so more would not be faster."""


@dataclass(frozen=True)
class Source:
    """A file with definitions, not parsed yet: the largest have megabytes."""

    path: Path
    digest: str

    def definitions(self) -> Iterator[Json]:
        """Every definition in the file.

        Raises:
            InputError: the file is no YAML, or holds something else than definitions.
        """
        try:
            documents = list(yaml.load_all(self.path.read_bytes(), Loader=yaml.CSafeLoader))
        except (yaml.YAMLError, OSError) as error:
            raise InputError([_problem(self.path, f"it cannot be read: {error}", "Write it as YAML")]) from error
        for document in documents:
            if document is None:
                continue
            if not isinstance(document, dict) or document.get("kind") != DEFINITION:
                raise InputError([_problem(self.path, f"it holds something else than a {DEFINITION}", "Remove that")])
            yield document


def sources(folder: Path) -> tuple[Source, ...]:
    """The YAML and JSON files of a folder.

    Raises:
        InputError: the folder is missing or has none.
    """
    files = sorted(path for path in folder.glob("*") if path.suffix in {".yaml", ".yml", ".json"})
    if not files:
        raise InputError([_problem(folder, "it holds no definitions", "Name a folder with YAML or JSON files")])
    return tuple(Source(path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files)


def apply(kube: Kube, wanted: Iterable[Source], known: Mapping[str, Served]) -> dict[str, Served]:
    """Apply the files that are new or changed, or whose kinds are defined no longer.

    Args:
        kube: The sandbox's API server.
        wanted: What it should serve. It wins over permissive definitions.
        known: What an earlier call returned: kinds that each file made the server serve, by the file's digest.

    Returns:
        The same of these files.

    Raises:
        InputError: a file holds something else than definitions. Nothing of that file was applied.
    """
    there = _defined(kube)
    return {
        one.digest: known[one.digest]
        if one.digest in known and there.issuperset(known[one.digest])
        else _apply(kube, list(one.definitions()))
        for one in wanted
    }


def complete(kube: Kube) -> None:
    """Make a permissive definition of every kind of the table that has none."""
    there = _defined(kube)
    absent = [kind for kind in KINDS if (f"{kind.group}/{kind.versions[0]}", kind.kind) not in there]
    _apply(kube, [permissive(kind) for kind in absent])


def missing(kube: Kube, kinds: Iterable[tuple[str, str]]) -> list[str]:
    """Those of the kinds that the server does not serve."""
    return [f"{kind} of {version}" for version, kind in kinds if not _serves(kube, version, kind)]


def _defined(kube: Kube) -> set[tuple[str, str]]:
    """The kinds that have a definition. What is served follows a moment later, when one comes and when one goes."""
    found = kube.list("apiextensions.k8s.io/v1", DEFINITION)
    lasting = (definition for definition in found if "deletionTimestamp" not in definition["metadata"])
    return {served for definition in lasting for served in _served(definition)}


def _apply(kube: Kube, definitions: Sequence[Json]) -> Served:
    """Apply definitions; returns what the server serves by them, once it has taken them up."""
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(lambda definition: kube.apply(definition, FIELD_MANAGER, force=True), definitions))
    return [served for definition in definitions for served in _served(definition)]


def _served(definition: Json) -> Iterator[tuple[str, str]]:
    spec = definition["spec"]
    for version in spec["versions"]:
        if version["served"]:
            yield f"{spec['group']}/{version['name']}", spec["names"]["kind"]


def _serves(kube: Kube, version: str, kind: str) -> bool:
    try:
        kube.resource(version, kind)
    except KubeError as error:
        if error.reason == "NoKind":
            return False
        raise
    return True


def _problem(path: Path, what: str, fix: str) -> Problem:
    return Problem(str(path), 1, 1, "", what, fix)
