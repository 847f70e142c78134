"""The table of contents of what all tenants of a cluster share."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components import metadata
from components.admission import Admission, AdmissionArgs
from components.flavors import Flavors, FlavorsArgs
from components.pipelines_cluster import PipelinesCluster, PipelinesClusterArgs
from components.priorities import Priorities, PrioritiesArgs
from components.serving_cluster import ServingCluster, ServingClusterArgs
from components.sign_on_cluster import SignOnCluster, SignOnClusterArgs
from components.system import System, SystemArgs
from tenantry.environment import EnvironmentSpec


@dataclass(frozen=True, kw_only=True)
class PlatformArgs:
    """What the platform is made from."""

    environment: EnvironmentSpec


class Platform(pulumi.ComponentResource):
    """Everything that is there once a cluster. It knows no tenant."""

    namespace: pulumi.Output[str]
    """Name of the platform's own namespace."""

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:platform:Platform", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        environment = args.environment
        marks = metadata.of_platform(environment)
        system = System(f"{name}-system", SystemArgs(marks=marks, protect=environment.cluster.kind != "sandbox"), here)
        Admission(f"{name}-admission", AdmissionArgs(marks=marks, platform_groups=environment.platform_groups), here)
        Priorities(f"{name}-priorities", PrioritiesArgs(marks=marks, tiers=environment.tiers), here)
        Flavors(f"{name}-flavors", FlavorsArgs(marks=marks, node_pools=environment.node_pools), here)
        if environment.cluster.kind != "sandbox":  # It has the kinds already.
            PipelinesCluster(f"{name}-pipelines", PipelinesClusterArgs(marks=marks), here)
            ServingCluster(f"{name}-serving", ServingClusterArgs(marks=marks), here)
        if environment.sign_on:
            sign_on = SignOnClusterArgs(marks=marks, sign_on=environment.sign_on, network=environment.network)
            SignOnCluster(f"{name}-sign-on", sign_on, here)
        self.namespace = system.namespace
        self.register_outputs({"namespace": self.namespace})
