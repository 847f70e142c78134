"""Kubernetes objects as resources of the engine: kinds, names, ids, and what of an object is ours to say."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tenantry.sandbox.plugins.values import UNKNOWN, Json

AUTONAMED: Final = "pulumi.com/autonamed"
MANAGER_KEY: Final = "__fieldManager"
INPUTS_KEY: Final = "__inputs"
VERSION_KEY: Final = "__initialApiVersion"
"""Names of the official provider's own keys in the state, kept so that it can take over a state of ours."""

DEFINITION: Final = "CustomResourceDefinition"

SERVER_METADATA: Final = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)
SERVER_ANNOTATIONS: Final = ("deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration")


@dataclass(frozen=True)
class Ref:
    """One object of one kind."""

    api_version: str
    kind: str
    name: str
    namespace: str | None

    def __str__(self) -> str:
        where = f" in namespace {self.namespace}" if self.namespace else ""
        return f'{self.kind} "{self.name}"{where}'


def kind_of_type(token: str) -> tuple[str, str]:
    """The API version and kind of a type token: `kubernetes:apps/v1:Deployment` → `("apps/v1", "Deployment")`."""
    _, version, kind = token.split(":")
    return version.removeprefix("core/"), kind


def ref_of(obj: Mapping[str, Any], token: str = "") -> Ref:
    """What an object's inputs name; the kind comes from the type token where the inputs lack it."""
    version, kind = kind_of_type(token) if token else ("", "")
    metadata = obj.get("metadata") or {}
    return Ref(
        obj.get("apiVersion") or version,
        obj.get("kind") or kind,
        metadata.get("name") or "",
        metadata.get("namespace"),
    )


def ref_of_id(identifier: str, token: str, obj: Mapping[str, Any]) -> Ref:
    """What an id (`namespace/name` or `name`) names, its kind as in the state where there is one."""
    known = ref_of(obj, token)
    namespace, _, name = identifier.rpartition("/")
    return Ref(known.api_version, known.kind, name, namespace or None)


def id_of(obj: Mapping[str, Any]) -> str:
    """The engine's id of a live object: `namespace/name`, or `name` where there is no namespace."""
    metadata = obj["metadata"]
    return f"{metadata['namespace']}/{metadata['name']}" if metadata.get("namespace") else str(metadata["name"])


def named(inputs: Json, old: Json, name: str, seed: bytes) -> Json:
    """The inputs with a name: their own, else the one given before, else `<logical name>-<8 hex digits>`."""
    metadata = inputs.get("metadata") or {}
    if metadata is UNKNOWN or metadata.get("name"):
        return inputs
    before = (old.get("metadata") or {}).get("name")
    chosen = before or f"{name}-{hashlib.sha256(seed).hexdigest()[:8]}"
    annotations = (metadata.get("annotations") or {}) | {AUTONAMED: "true"}
    return inputs | {"metadata": metadata | {"name": chosen, "annotations": annotations}}


def autonamed(inputs: Json) -> bool:
    """Whether the name is one that `named` made up."""
    return bool(annotation(inputs, AUTONAMED))


def annotation(obj: Mapping[str, Any], name: str) -> str:
    """Value of an annotation. Empty where there is none, or where it is not known yet."""
    metadata = obj.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    value = annotations.get(name) if isinstance(annotations, Mapping) else None
    return value if isinstance(value, str) else ""


def manager_of(urn: str, state: Mapping[str, Any]) -> str:
    """Name under which we apply: the one in the state, else one that every run makes from the URN alike.

    It is what tells, when a run was killed between the API server's answer and the engine's checkpoint, that an
    object which is there but in no state is this very resource's.
    """
    return str(state.get(MANAGER_KEY) or f"pulumi-kubernetes-{hashlib.sha256(urn.encode()).hexdigest()[:12]}")


def is_applied_by(live: Mapping[str, Any], manager: str) -> bool:
    """Whether the object was server-side applied under that name."""
    entries = live["metadata"].get("managedFields") or ()
    return any(entry.get("manager") == manager and entry.get("operation") == "Apply" for entry in entries)


def without_server_fields(live: Mapping[str, Any]) -> Json:
    """A live object as a program would have written it: what the server fills in itself is left out."""
    obj = {key: value for key, value in copy.deepcopy(dict(live)).items() if key != "status"}
    metadata = obj["metadata"]
    for key in SERVER_METADATA:
        metadata.pop(key, None)
    annotations = metadata.get("annotations") or {}
    for key in SERVER_ANNOTATIONS:
        annotations.pop(key, None)
    if obj.get("kind") == "Namespace":
        # Admission sets this label and the finalizer of every namespace.
        (metadata.get("labels") or {}).pop("kubernetes.io/metadata.name", None)
        obj.pop("spec", None)
    for key in ("annotations", "labels"):
        if metadata.get(key) == {}:
            del metadata[key]
    return obj


def checkpoint(live: Json, inputs: Json, manager: str) -> Json:
    """What the state keeps of an object."""
    kept = copy.deepcopy(live)
    # Large, and of no use to a program.
    kept["metadata"].pop("managedFields", None)
    return kept | {INPUTS_KEY: inputs, VERSION_KEY: inputs.get("apiVersion", ""), MANAGER_KEY: manager}


def to_api(inputs: Json) -> Json:
    """An object as the API server spells it. The SDK writes `x-kubernetes-…` in definitions with underscores."""
    return _renamed(inputs, "x_kubernetes_", "_", "-") if inputs.get("kind") == DEFINITION else inputs


def from_api(live: Json) -> Json:
    """An object as the SDK spells it; the other way round than `to_api`."""
    return _renamed(live, "x-kubernetes-", "-", "_") if live.get("kind") == DEFINITION else live


def _renamed(value: Any, prefix: str, old: str, new: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_renamed(item, prefix, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        (key.replace(old, new) if key.startswith(prefix) else key): _renamed(item, prefix, old, new)
        for key, item in value.items()
    }
