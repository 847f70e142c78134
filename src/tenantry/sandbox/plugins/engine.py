"""What a plugin says to the engine while it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi.runtime.proto.engine_pb2_grpc import EngineStub


class Engine:
    """The engine at the other end. Says nothing, and fails never, where there is none."""

    def __init__(self, address: str = "") -> None:
        self._address = address
        self._stub: EngineStub | None = None

    def status(self, urn: str, message: str) -> None:
        """Show what a resource waits for, beside it, until the next such line."""
        self._log(urn, message, severity="INFO", ephemeral=True)

    def warn(self, urn: str, message: str) -> None:
        """Show a warning that stays."""
        self._log(urn, message, severity="WARNING", ephemeral=False)

    def _log(self, urn: str, message: str, *, severity: str, ephemeral: bool) -> None:
        if not self._address:
            return
        import grpc  # noqa: PLC0415 - the plugin has loaded it by now
        from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc  # noqa: PLC0415 - after protocol.without_sdk

        if self._stub is None:
            self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(self._address))
        request = engine_pb2.LogRequest(
            severity=engine_pb2.LogSeverity.Value(severity), message=message, urn=urn, ephemeral=ephemeral
        )
        try:
            self._stub.Log(request, timeout=5)
        except grpc.RpcError:
            # The engine is on its way out: there is nobody left to tell.
            return
