"""Seldon serving of a team's own, in its namespace: the operator that makes of each model what serves it.

`tenantry.serving` has the texts and numbers, this package the resources; `components/model.py` the models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.metadata import Marks
from components.serving.accounts import server_account
from components.serving.network import network
from components.serving.operator import operator
from components.serving.place import Place
from components.serving.store import store_secret
from components.serving.webhook import certificate_secret, webhook
from tenantry.api_server import Way
from tenantry.pipelines.stores import ObjectStore
from tenantry.serving.spec import GatewaySpec
from tenantry.versions import SELDON, SELDON_VERSION, SeldonRelease

__all__ = ["Serving", "ServingArgs"]


@dataclass(frozen=True, kw_only=True)
class ServingArgs:
    """What an install is made from."""

    marks: Marks
    tenant: str
    namespace: pulumi.Input[str]
    """It carries the label `seldon.io/controller-id`."""
    gateway: GatewaySpec
    """By which callers reach models from outside of the namespace."""
    api_server: Sequence[Way]
    """Where the cluster's API server is."""
    store: ObjectStore
    """Where the files of models are."""
    store_keys: pulumi.Input[Mapping[str, str]] | None
    """What the store's Secret holds, encoded. None: pods prove who they are, as the service account `serving`."""
    account_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """By which a cloud knows the service account `serving`; empty where the store has keys."""
    release: SeldonRelease = SELDON[SELDON_VERSION]
    webhook: bool
    """Whether the API server asks the operator about SeldonDeployments. Not where nothing runs, as in the sandbox."""


class Serving(pulumi.ComponentResource):
    """A Seldon operator for one namespace, and what the pods of models need there.

    It makes no kinds and no gateway (the platform's), no model, and none of upstream's ClusterRoles. The one object
    outside of the namespace is the order to ask the webhook, which is about this namespace alone.
    """

    account: pulumi.Output[str]
    """Service account of the pods of models. Models wait for it: the operator looks for it."""

    def __init__(self, name: str, args: ServingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Serving", name, None, opts)
        place = Place(
            name=name,
            tenant=args.tenant,
            namespace=args.namespace,
            marks=args.marks,
            parent=self,
            release=args.release,
        )
        network(place, args.gateway, args.api_server)
        store_secret(place, args.store, args.store_keys)
        server = server_account(place, args.account_annotations)
        certificate = certificate_secret(place)
        running = operator(place, args.gateway, certificate)
        if args.webhook:
            webhook(place, certificate, running)
        self.account = server.metadata.name
        self.register_outputs({"account": self.account})
