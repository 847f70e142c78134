"""The namespace of what the platform itself runs or keeps."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from components.namespace import POD_SECURITY
from tenantry import names


@dataclass(frozen=True, kw_only=True)
class SystemArgs:
    """What the namespace is made from."""

    marks: Marks
    protect: bool
    """Whether deleting it is refused."""


class System(pulumi.ComponentResource):
    """The platform's own namespace. No tenant has a right in it."""

    namespace: pulumi.Output[str]
    """Name of the namespace, known after creation."""

    def __init__(self, name: str, args: SystemArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:platform:System", name, None, opts)
        made = k8s.core.v1.Namespace(
            name,
            metadata=args.marks.meta("system", names.SYSTEM_NAMESPACE, labels=POD_SECURITY),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.namespace = made.metadata.name
        self.register_outputs({"namespace": self.namespace})
