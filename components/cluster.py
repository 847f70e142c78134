"""The one cluster that a stack may touch, and how it is told from every other."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from tenantry.errors import PlatformError


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    """How the cluster is reached."""

    environment: str
    context: str
    """Context of the kubeconfig; one without it is refused."""


class Cluster(pulumi.ComponentResource):
    """The connection to an environment's cluster, and its identity. It makes nothing in the cluster.

    The kubeconfig comes from the machine that runs Pulumi and is kept out of the state: it holds credentials, and its
    path differs from machine to machine.
    """

    provider: k8s.Provider
    """What everything in the cluster is made with."""
    uid: pulumi.Output[str]
    """Uid of the namespace `kube-system`, which a cluster keeps for life and shares with no other."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:platform:Cluster", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        self.provider = k8s.Provider(
            name,
            context=args.context,
            # Empty, not left out: the SDK fills in $KUBECONFIG, and the state would hold it. Empty, the provider
            # looks it up itself.
            kubeconfig="",
            # Without it Pulumi guesses from the kubeconfig whether this is another cluster, and replaces everything.
            cluster_identifier=args.environment,
            # Spelled out, because each can be turned over from the environment's variables.
            enable_server_side_apply=True,
            enable_config_map_mutable=True,
            enable_secret_mutable=True,
            enable_patch_force=False,
            delete_unreachable=False,
            skip_update_unreachable=False,
            upsert_existing_objects=False,
            suppress_deprecation_warnings=False,
            suppress_helm_hook_warnings=False,
            opts=here,
        )
        system = k8s.core.v1.Namespace.get(
            f"{name}-kube-system", "kube-system", opts=pulumi.ResourceOptions(parent=self, provider=self.provider)
        )
        self.uid = system.metadata.uid
        self.register_outputs({"uid": self.uid})

    async def identity(self) -> str:
        """The cluster's uid, as a plain value: the cluster is read in a preview, too.

        Raises:
            PlatformError: the cluster did not say.
        """
        uid = await self.uid.future()
        if not uid:
            raise PlatformError("the cluster does not say who it is: its namespace kube-system cannot be read.")
        return uid

    async def require(self, uid: str) -> None:
        """Stop unless this is the cluster of that uid, before anything is declared.

        Raises:
            PlatformError: it is another one.
        """
        found = await self.identity()
        if found != uid:
            raise PlatformError(
                f"the kubeconfig leads to another cluster than the platform's stack was made on: kube-system has the"
                f" uid {found}, not {uid}. Point KUBECONFIG at the right one, or bring up the platform's stack here."
            )
