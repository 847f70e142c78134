"""What the parts of an install in a team's namespace are built from: where they stand, whose they are, their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import NOTHING, Marks
from tenantry import names

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import ServicePortArgsDict

Annotations: TypeAlias = Mapping[str, "pulumi.Input[str]"]
"""Annotations of pods: when one changes, they are made anew."""


@dataclass(frozen=True, kw_only=True)
class Install:
    """One concern of one team, as far as it runs something."""

    name: str
    """Beginning of every logical name."""
    tenant: str
    namespace: pulumi.Input[str]
    marks: Marks
    parent: pulumi.Resource
    concern: str
    """The key of the tenant's file, and the value of the component's label."""
    protect: bool
    """Whether deleting a volume is refused."""

    @property
    def here(self) -> pulumi.ResourceOptions:
        """Options of everything in the install."""
        return pulumi.ResourceOptions(parent=self.parent)

    def after(self, *needed: pulumi.Resource) -> pulumi.ResourceOptions:
        """The same, for what must not come before something else."""
        return pulumi.ResourceOptions(parent=self.parent, depends_on=list(needed))

    def meta(self, name: str, labels: Mapping[str, str] = NOTHING) -> k8s.meta.v1.ObjectMetaArgs:
        """Metadata of one object of the install."""
        return self.marks.meta(self.concern, name, namespace=self.namespace, labels=labels)

    def pod_labels(self, part: str) -> dict[str, str]:
        """Labels of a part's pods. `app` is what its Service and policies select."""
        return {"app": part, names.TENANT_LABEL: self.tenant, names.COMPONENT_LABEL: self.concern}

    def config(self, name: str, data: Mapping[str, str]) -> k8s.core.v1.ConfigMap:
        """A ConfigMap."""
        return k8s.core.v1.ConfigMap(f"{self.name}-{name}", metadata=self.meta(name), data=dict(data), opts=self.here)

    def service(
        self, name: str, part: str, ports: Iterable[tuple[str, int, int]], pods: pulumi.Resource | None = None
    ) -> k8s.core.v1.Service:
        """A Service within the cluster, for the pods of a part: name, port and the pods' port of each port.

        After what makes the pods: whoever makes it waits for one that is ready. An engine on a small machine does eight
        things at once, and eight Services that wait first would let no pod be made.
        """
        listed: list[ServicePortArgsDict] = [
            {"name": port, "port": number, "target_port": target, "protocol": "TCP"} for port, number, target in ports
        ]
        return k8s.core.v1.Service(
            f"{self.name}-{name}",
            metadata=self.meta(name, {"app": part}),
            spec={"type": "ClusterIP", "selector": {"app": part}, "ports": listed},
            opts=self.after(pods) if pods else self.here,
        )

    def claim(self, name: str, gibibytes: int) -> k8s.core.v1.PersistentVolumeClaim:
        """A volume of the cluster's default class. Where the install is protected, Pulumi refuses to delete it."""
        return k8s.core.v1.PersistentVolumeClaim(
            f"{self.name}-{name}",
            metadata=self.meta(name),
            spec={"access_modes": ["ReadWriteOnce"], "resources": {"requests": {"storage": f"{gibibytes}Gi"}}},
            # On the object itself: protecting the component would protect nothing that is real.
            opts=pulumi.ResourceOptions(parent=self.parent, protect=self.protect),
        )
