"""A Kubeflow Pipelines of a team's own, in its namespace.

Names, ports and settings are upstream's for an install of one namespace; where this departs from it, the reason stands
beside it. `tenantry.pipelines` has the texts and numbers, this package the resources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.metadata import Marks
from components.pipelines.api_server import api_server
from components.pipelines.config import config
from components.pipelines.credentials import ROTATION, STORE_ROTATION, version
from components.pipelines.database import database
from components.pipelines.metadata import metadata
from components.pipelines.network import network
from components.pipelines.object_store import object_store
from components.pipelines.persistence_agent import persistence_agent
from components.pipelines.place import Place
from components.pipelines.scheduled_workflow import scheduled_workflow
from components.pipelines.service_accounts import account
from components.pipelines.ui import ui
from components.pipelines.workflow_controller import workflow_controller
from tenantry import names
from tenantry.api_server import Way
from tenantry.pipelines import words
from tenantry.pipelines.server_file import Tracking
from tenantry.pipelines.stores import IN_NAMESPACE, Database, ObjectStore, own_store
from tenantry.tenant_spec import PipelinesSpec
from tenantry.versions import PIPELINES, PIPELINES_VERSION, PipelinesRelease

__all__ = ["Pipelines", "PipelinesArgs"]


@dataclass(frozen=True, kw_only=True)
class PipelinesArgs:
    """What an install is made from."""

    marks: Marks
    tenant: str
    namespace: pulumi.Input[str]
    pipelines: PipelinesSpec
    api_server: Sequence[Way]
    """Where the cluster's API server is."""
    release: PipelinesRelease = PIPELINES[PIPELINES_VERSION]
    queue: str = names.LOCAL_QUEUE
    """LocalQueue that the pods of runs wait in."""
    node_selector: Mapping[str, str] = field(default_factory=dict)
    """Nodes for every pod of every run, those with GPUs too. Empty: any."""
    database: Database = IN_NAMESPACE
    store: ObjectStore | None = None
    """None for one in the namespace."""
    tracking: Tracking | None = None
    """The team's model registry, where runs are tracked as well. None: they are not."""
    protect: bool
    """Whether Pulumi refuses to delete the volumes, and with them all that the team has recorded."""


class Pipelines(pulumi.ComponentResource):
    """Everything of Kubeflow Pipelines that a team needs in its namespace, and nothing outside of it.

    It makes no custom kinds (the platform's), no ingress, and none of upstream's first-generation parts: cache server,
    metadata writer, viewer and visualization server.
    """

    api: pulumi.Output[str]
    """Address of the API server within the cluster."""
    ui: pulumi.Output[str]
    """Address of the user interface within the cluster."""
    store_keys: pulumi.Output[Mapping[str, str]] | None
    """What the object store's Secret holds, encoded, for other parts that read the store. None for one elsewhere."""
    store_version: pulumi.Output[str]
    """Changes when the keys of the object store do."""

    def __init__(self, name: str, args: PipelinesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Pipelines", name, None, opts)
        namespace = names.namespace(args.tenant)
        place = Place(
            name=name,
            tenant=args.tenant,
            namespace=args.namespace,
            marks=args.marks,
            parent=self,
            release=args.release,
            database=args.database,
            protect=args.protect,
            store=args.store or own_store(namespace),
        )
        network(place, args.api_server)
        account(place, words.RUNNER)
        settings = config(place)
        rows = {**settings, ROTATION: database(place)}
        keys = object_store(place, args.pipelines.artifact_retention_days)
        self.store_version = version(keys) if keys else pulumi.Output.from_input("")
        files = {**settings, STORE_ROTATION: self.store_version}
        metadata(place, namespace, rows)
        api_server(place, args.queue, args.node_selector, {**rows, **files}, args.tracking)
        ui(place, files)
        persistence_agent(place, settings)
        scheduled_workflow(place, settings)
        workflow_controller(place, args.pipelines.max_parallel_runs)
        host = pulumi.Output.from_input(args.namespace)
        self.api = host.apply(lambda where: f"http://{words.API}.{where}:{words.API_HTTP}")
        self.ui = host.apply(lambda where: f"http://{words.UI}.{where}")
        self.store_keys = keys.data if keys else None
        self.register_outputs({"api": self.api, "ui": self.ui})
