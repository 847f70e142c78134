"""What a program has declared, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from tenantry.render import manifests


@dataclass(frozen=True)
class Resource:
    """One declared resource."""

    urn: str
    """Identity, as the engine builds it: stack, project, types of its ancestors, logical name."""
    type: str
    """Type token, as in `kubernetes:core/v1:ResourceQuota`."""
    name: str
    """Logical name."""
    parent: str
    """Urn of the parent; the stack's for what has no other."""
    inputs: Mapping[str, Any]
    """Everything that the program asks for, in the names of the API (`apiVersion`, not `api_version`)."""
    dependencies: tuple[str, ...]
    """Urns of what must be there before, sorted, without the parent."""
    protect: bool
    """Whether Pulumi refuses to delete it."""


@dataclass(frozen=True)
class RenderedStack:
    """Everything that one stack declares."""

    stack: str
    resources: tuple[Resource, ...]
    """What must be there first stands first; otherwise by urn. The same in every run."""
    outputs: Mapping[str, Any]
    """What the stack exports."""

    def objects(self) -> list[dict[str, Any]]:
        """The Kubernetes objects, as they would be applied, in the order in which they can be."""
        return [
            manifests.manifest(resource.inputs) for resource in self.resources if manifests.is_object(resource.type)
        ]

    def to_yaml(self) -> str:
        """The Kubernetes objects as one stream of YAML documents, fit for `kubectl apply -f -`."""
        return manifests.stream(self.objects())

    def to_files(self) -> dict[str, str]:
        """The Kubernetes objects as YAML by file name, as in `rolebinding.vision.admin.yaml`."""
        return {manifests.file_name(item): manifests.stream([item]) for item in self.objects()}


def in_order(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Resources with what they depend on before them, and otherwise by urn."""
    known = {resource.urn: resource for resource in resources}
    before = {resource.urn: {resource.parent, *resource.dependencies} & known.keys() for resource in known.values()}
    sorter = TopologicalSorter(before)
    sorter.prepare()
    ordered: list[Resource] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered.extend(known[urn] for urn in ready)
        sorter.done(*ready)
    return tuple(ordered)
