"""What is wrong with a resource before anybody asks the API server to make it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Final

from tenantry.kube import Json, Kube, KubeError
from tenantry.sandbox.plugins.resource_kubernetes import objects
from tenantry.sandbox.plugins.resource_kubernetes.settings import OFFICIAL
from tenantry.sandbox.plugins.values import UNKNOWN

PACKAGES: Final = ("helm.sh", "yaml", "kustomize", "index")
"""First halves of types that are no Kubernetes kinds but functions of the official provider."""


class Definitions:
    """The kinds that this run's program defines: they count as served before they are."""

    def __init__(self) -> None:
        self._kinds: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def learn(self, inputs: Json) -> None:
        """Remember the kind that a CustomResourceDefinition defines."""
        if inputs.get("kind") == objects.DEFINITION:
            with self._lock:
                spec = inputs.get("spec") or {}
                self._kinds.add((str(spec.get("group")), str((spec.get("names") or {}).get("kind"))))

    def have(self, api_version: str, kind: str) -> bool:
        """Whether the program defines that kind."""
        with self._lock:
            return (api_version.rpartition("/")[0], kind) in self._kinds


def checked(token: str, name: str, inputs: Json, old: Json, seed: bytes) -> Json:
    """The inputs with their kind and a name."""
    api_version, kind = objects.kind_of_type(token)
    return objects.named({"apiVersion": api_version, "kind": kind} | inputs, old, name, seed)


def with_namespace(inputs: Json, namespace: str, kube: Kube, definitions: Definitions) -> Json:
    """The inputs with the default namespace, where their kind has namespaces and they name none.

    Raises:
        KubeError: `NoKind` where nobody serves the kind; any other where the server fails.
    """
    metadata = inputs.get("metadata")
    try:
        namespaced = kube.resource(inputs["apiVersion"], inputs["kind"]).namespaced
    except KubeError as error:
        if error.reason == "NoKind" and definitions.have(inputs["apiVersion"], inputs["kind"]):
            return inputs
        raise
    if not namespaced or not isinstance(metadata, dict) or metadata.get("namespace"):
        return inputs
    return inputs | {"metadata": metadata | {"namespace": namespace}}


def problems(token: str, inputs: Json) -> Iterator[tuple[str, str]]:
    """Property and reason of everything that the stand-in cannot do."""
    package, kind = token.split(":")[1:]
    if package.split("/")[0] in PACKAGES:
        yield "", f"{token} is a function of the official provider. {OFFICIAL}"
        return
    if kind != inputs.get("kind") and kind.endswith("Patch"):
        yield "", f"{token} changes parts of somebody else's object. {OFFICIAL}"
    if kind.endswith("List") and "items" in inputs:
        yield "", f"{token} is a list. Declare each of its objects as a resource of its own"
    metadata = inputs.get("metadata")
    if isinstance(metadata, dict) and metadata.get("generateName") not in (None, UNKNOWN):
        yield "metadata.generateName", "server-side apply needs a name. Set metadata.name, or neither of the two"
    if objects.annotation(inputs, "pulumi.com/waitFor"):
        yield 'metadata.annotations["pulumi.com/waitFor"]', OFFICIAL
