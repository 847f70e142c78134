"""The engine's side of the conversation with the program: it agrees to everything, and writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2

from tenantry.errors import PlatformError
from tenantry.render.stack import Resource
from tenantry.render.values import from_struct, to_struct

STACK = "pulumi:pulumi:Stack"
REFERENCE = "pulumi:pulumi:StackReference"
CLUSTER_UID = "00000000-0000-0000-0000-000000000000"
"""Stands for the uid of everything that is read from the cluster, because there is no cluster."""


class Recorder(MockMonitor):
    """Records what one run of the program declares. What other stacks export is given, what a cluster says made up."""

    def __init__(self, stack: str, project: str, others: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(_Nothing())
        self.prefix = f"urn:pulumi:{stack}::{project}::"
        self.others = others
        """Outputs of other stacks by their name."""
        self.urns: set[str] = set()
        self.resources_seen: list[Resource] = []
        self.outputs: dict[str, Any] = {}

    def RegisterResource(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Take a resource as it is: what it will be is what it was asked to be."""
        urn = self._urn(request.parent, request.type, request.name)
        if urn in self.urns:
            raise PlatformError(f"the program declares {urn} twice. Give one of the two another logical name.")
        self.urns.add(urn)
        if request.type != STACK:
            self.resources_seen.append(
                Resource(
                    urn=urn,
                    type=request.type,
                    name=request.name,
                    parent=request.parent,
                    inputs=from_struct(request.object),
                    dependencies=tuple(sorted({*request.dependencies} - {request.parent})),
                    protect=request.protect,
                )
            )
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=request.name if request.custom else "", object=request.object
        )

    def ReadResource(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Answer what lies outside of this stack."""
        urn = self._urn(request.parent, request.type, request.name)
        answer = self._outputs_of(request.id) if request.type == REFERENCE else _made_up(request.id)
        return resource_pb2.ReadResourceResponse(urn=urn, properties=to_struct(answer))

    def RegisterResourceOutputs(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        """Keep what the stack exports; components' outputs are for the engine's display."""
        if request.urn.startswith(f"{self.prefix}{STACK}::"):
            self.outputs = from_struct(request.outputs)
        return empty_pb2.Empty()

    def _urn(self, parent: str, type_token: str, name: str) -> str:
        above = parent.removeprefix(self.prefix).partition("::")[0]
        return f"{self.prefix}{type_token if above in ('', STACK) else f'{above}${type_token}'}::{name}"

    def _outputs_of(self, reference: str) -> dict[str, Any]:
        stack = reference.rpartition("/")[2]
        if stack not in self.others:
            raise PlatformError(f"the program refers to the stack {stack}, which no stack but its own may do.")
        return {"name": reference, "outputs": dict(self.others[stack]), "secretOutputNames": []}


def _made_up(identifier: str) -> dict[str, Any]:
    namespace, _, name = identifier.rpartition("/")
    metadata = {"name": name, "uid": CLUSTER_UID}
    return {"metadata": {**metadata, "namespace": namespace} if namespace else metadata}


class _Nothing(Mocks):
    """The SDK wants mocks besides the monitor that replaces them."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        raise PlatformError(f"the program calls {args.token}, which nothing answers offline.")

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return args.name, args.inputs
