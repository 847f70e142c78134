"""Which kinds of other projects the sandbox serves: permissive definitions, or the real ones from a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
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
DEFINITION: Final = "CustomResourceDefinition"
PARALLEL: Final = 4
"""Definitions applied at once. The API server's own work is the limit, so more would not be faster."""


@dataclass(frozen=True)
class Definition:
    """A definition read from a file."""

    body: Json
    digest: str

    @property
    def name(self) -> str:
        """Its name, as in `workflows.argoproj.io`."""
        return str(self.body["metadata"]["name"])

    def served(self) -> Iterator[tuple[str, str]]:
        """Each API version and kind that it makes the server serve."""
        spec = self.body["spec"]
        for version in spec["versions"]:
            if version["served"]:
                yield f"{spec['group']}/{version['name']}", spec["names"]["kind"]


def read(folder: Path) -> tuple[Definition, ...]:
    """Every definition of a folder's YAML and JSON files.

    Raises:
        InputError: the folder is missing or empty, a file is no YAML, or holds something else than definitions.
    """
    files = sorted(path for path in folder.glob("*") if path.suffix in {".yaml", ".yml", ".json"})
    if not files:
        raise InputError([_problem(folder, "it holds no definitions", "Name a folder with YAML or JSON files")])
    return tuple(definition for path in files for definition in _read(path))


def apply(kube: Kube, definitions: Iterable[Definition], known: Mapping[str, str]) -> dict[str, str]:
    """Apply the definitions that are not there yet, or differ from those applied before.

    Args:
        kube: The sandbox's API server.
        definitions: What it should serve. They win over permissive definitions.
        known: What an earlier call returned.

    Returns:
        Digest of every definition applied so far, by name.
    """
    wanted = list(definitions)
    stale = [one for one in wanted if known.get(one.name) != one.digest or missing(kube, one.served())]
    _apply(kube, (one.body for one in stale))
    return dict(known) | {one.name: one.digest for one in wanted}


def complete(kube: Kube) -> None:
    """Make a permissive definition of every kind of the table that the server does not serve yet."""
    absent = [kind for kind in KINDS if missing(kube, [(f"{kind.group}/{kind.versions[0]}", kind.kind)])]
    _apply(kube, (permissive(kind) for kind in absent))


def missing(kube: Kube, kinds: Iterable[tuple[str, str]]) -> list[str]:
    """Those of the kinds that the server does not serve."""
    return [f"{kind} of {version}" for version, kind in kinds if not _serves(kube, version, kind)]


def expected(definitions: Iterable[Definition]) -> list[tuple[str, str]]:
    """Every API version and kind that a complete sandbox serves."""
    table = [(f"{kind.group}/{version}", kind.kind) for kind in KINDS for version in kind.versions]
    return [*table, *(served for definition in definitions for served in definition.served())]


def _apply(kube: Kube, bodies: Iterable[Json]) -> None:
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(lambda body: kube.apply(body, FIELD_MANAGER, force=True), bodies))


def _serves(kube: Kube, version: str, kind: str) -> bool:
    try:
        kube.resource(version, kind)
    except KubeError as error:
        if error.reason == "NoKind":
            return False
        raise
    return True


def _read(path: Path) -> Iterator[Definition]:
    try:
        documents = list(yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, OSError) as error:
        raise InputError([_problem(path, f"it cannot be read: {error}", "Name a folder with YAML files")]) from error
    for document in documents:
        if document is None:
            continue
        if not isinstance(document, dict) or document.get("kind") != DEFINITION:
            raise InputError([_problem(path, f"it holds something else than a {DEFINITION}", "Remove it")])
        yield Definition(document, hashlib.sha256(repr(document).encode()).hexdigest()[:16])


def _problem(path: Path, what: str, fix: str) -> Problem:
    return Problem(str(path), 1, 1, "", what, fix)
