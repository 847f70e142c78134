"""The team's namespace, held to Pod Security's strictest level."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry import names
from tenantry.environment import ClusterSpec
from tenantry.serving.words import CONTROLLER_LABEL
from tenantry.tenant_spec import Lifecycle

POD_SECURITY = {
    f"pod-security.kubernetes.io/{mode}{suffix}": value
    for mode in ("enforce", "audit", "warn")
    for suffix, value in (("", "restricted"), ("-version", "latest"))
}
"""Labels that make the API server refuse, record and warn about every pod that is not `restricted`."""


def is_protected(cluster: ClusterSpec, lifecycle: Lifecycle) -> bool:
    """Whether Pulumi refuses to delete the namespace, and with it all that a team has.

    A namespace goes in two steps that two people see: `lifecycle: offboarding`, then the removal. A sandbox is
    there to be thrown away.
    """
    return cluster.kind != "sandbox" and lifecycle != "offboarding"


@dataclass(frozen=True, kw_only=True)
class NamespaceArgs:
    """What the namespace is made from."""

    marks: Marks
    name: str
    """Name in Kubernetes. Never changes: a namespace cannot be renamed, only lost."""
    tier: str
    lifecycle: Lifecycle
    protect: bool
    """Whether deleting it is refused."""


class Namespace(pulumi.ComponentResource):
    """The namespace. It never replaces one, and where `protect` is set it refuses to delete one."""

    name: pulumi.Output[str]
    """Name of the namespace; whoever uses it waits until the namespace exists."""

    def __init__(self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Namespace", name, None, opts)
        labels = {
            **POD_SECURITY,
            names.TIER_LABEL: args.tier,
            names.LIFECYCLE_LABEL: args.lifecycle,
            # Models are its own operator's, and never those of one of the whole cluster.
            CONTROLLER_LABEL: args.name,
        }
        made = k8s.core.v1.Namespace(
            name,
            metadata=args.marks.meta("namespace", args.name, labels=labels),
            # On the object itself: protecting the component would protect nothing that is real.
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.name = made.metadata.name
        self.register_outputs({"name": self.name})
