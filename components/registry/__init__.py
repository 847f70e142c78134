"""A model registry of a team's own, in its namespace: MLflow, and the database behind it.

`tenantry.registry` has the texts and numbers, this package the resources.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.metadata import Marks
from components.pipelines.credentials import ROTATION, STORE_ROTATION
from components.registry.database import database
from components.registry.place import Place
from components.registry.server import server
from tenantry import names
from tenantry.registry import words
from tenantry.registry.stores import ON_VOLUME, OWN_DATABASE, Artifacts, Database
from tenantry.versions import REGISTRY, REGISTRY_VERSION, RegistryRelease

__all__ = ["Registry", "RegistryArgs"]


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    """What an install is made from."""

    marks: Marks
    tenant: str
    namespace: pulumi.Input[str]
    public: str | None = None
    """Host behind single sign-on that people open. None: nobody comes in from outside of the namespace."""
    release: RegistryRelease = REGISTRY[REGISTRY_VERSION]
    database: Database = OWN_DATABASE
    artifacts: Artifacts = ON_VOLUME
    store_version: pulumi.Input[str] = ""
    """Changes when the keys of the object store do, so that the server starts anew with them."""
    protect: bool
    """Whether Pulumi refuses to delete the volumes, and with them every model of the team."""


class Registry(pulumi.ComponentResource):
    """MLflow's tracking server and model registry, and nothing outside of the namespace.

    It knows no users: whoever reaches it is the team. So it makes no ingress, and its network is the namespace's, which
    lets in the team's own pods; the door with single sign-on is `components/sign_on`.
    """

    url: pulumi.Output[str]
    """Address within the cluster: `MLFLOW_TRACKING_URI` of the team's pods."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Registry", name, None, opts)
        place = Place(
            name=name,
            tenant=args.tenant,
            namespace=args.namespace,
            marks=args.marks,
            parent=self,
            release=args.release,
            database=args.database,
            artifacts=args.artifacts,
            protect=args.protect,
        )
        keys = {STORE_ROTATION: args.store_version} if args.artifacts.store else {}
        server(place, args.public, {ROTATION: database(place), **keys})
        self.url = pulumi.Output.from_input(words.url(names.namespace(args.tenant)))
        self.register_outputs({"url": self.url})
