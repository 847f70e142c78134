"""The engine's gRPC protocol, without the SDK around it, and how a plugin is served."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    import grpc
    from google.protobuf.message import Message

THREADS: Final = 64
"""Operations at a time. Most of them wait for the API server; the engine starts up to 16 a core."""
MESSAGE_BYTES: Final = 400 * 1024 * 1024
"""Largest message, as in the SDK's own servers."""


def without_sdk() -> None:
    """Let `pulumi.runtime.proto` be imported without `pulumi`: it is generated code that needs only grpc and protobuf.

    A plugin is started with every run of the engine, and the SDK costs 0.8 s of CPU of which a plugin uses nothing.
    Call it before the first import of `pulumi`; later it does nothing.
    """
    spec = importlib.util.find_spec("pulumi")
    if "pulumi" in sys.modules or spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent
    for name in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
        module = ModuleType(name)
        module.__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = module


def engine_closes_input() -> None:
    """Wait until the engine is gone: it holds our standard input open, and that ends with it, however it ended."""
    while sys.stdin.buffer.read(4096):
        pass


def parent_ends() -> None:
    """Wait until whoever started us is gone: for what a language host runs, which gives it no standard input."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)


def serve(
    handler: grpc.GenericRpcHandler, stop: Callable[[], None], until: Callable[[], None] = engine_closes_input
) -> None:
    """Serve a plugin until the engine ends it: print the port, answer calls, leave.

    Args:
        handler: The service, as `service` makes it.
        stop: Called once when the engine goes, so that nothing is left waiting or running.
        until: Returns when the engine is gone; besides, SIGINT and SIGTERM end the plugin.
    """
    import grpc  # noqa: PLC0415 - costs 0.1 s; without_sdk is used by tests that need none of it

    options = [("grpc.max_receive_message_length", MESSAGE_BYTES), ("grpc.max_send_message_length", MESSAGE_BYTES)]
    server = grpc.server(ThreadPoolExecutor(THREADS), options=options)
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    gone = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: gone.set())
    threading.Thread(target=_wait, args=(until, gone), daemon=True).start()
    # This line is the protocol.
    print(port, flush=True)
    gone.wait()
    stop()
    server.stop(grace=None)
    sys.stdout.flush()
    # Threads may wait for an API server; the engine does not.
    os._exit(0)


def _wait(until: Callable[[], None], gone: threading.Event) -> None:
    until()
    gone.set()


class CallError(Exception):
    """A call that fails with a message for the person at the engine, and maybe details for the engine itself."""

    def __init__(self, message: str, detail: Message | None = None) -> None:
        super().__init__(message)
        self.detail = detail


@dataclass(frozen=True)
class Call:
    """One method of a gRPC service: a function, and the messages it takes and gives."""

    function: Callable[..., Any]
    request: type[Message]
    response: type[Message]
    streams: bool = False
    """Whether it answers with many messages: the function then takes also a function to call when the engine
    cancels, and gives an iterator."""


def service(name: str, calls: Mapping[str, Call]) -> grpc.GenericRpcHandler:
    """A gRPC service of plain functions. Methods that are not named are answered with "unimplemented"."""
    import grpc  # noqa: PLC0415 - as above

    handlers = {}
    for method, call in calls.items():
        made = grpc.unary_stream_rpc_method_handler if call.streams else grpc.unary_unary_rpc_method_handler
        handlers[method] = made(
            (_streaming if call.streams else _answering)(call.function),
            request_deserializer=call.request.FromString,
            response_serializer=call.response.SerializeToString,
        )
    return grpc.method_handlers_generic_handler(name, handlers)


def _answering(function: Callable[[Any], Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
    """The function as gRPC calls it: our own errors are told in one line, and any other is a bug that says where."""
    from tenantry.errors import TenantryError  # noqa: PLC0415 - for plugins only

    def answer(request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401 - every message
        try:
            return function(request)
        except (CallError, TenantryError) as error:
            _fail(context, str(error), getattr(error, "detail", None))
        except Exception:
            # The engine shows all of it; gRPC alone would show only the last line.
            _fail(context, f"This is a bug of Tenantry.\n{traceback.format_exc()}", None)

    return answer


def _streaming(function: Callable[[Any, Callable[..., Any]], Iterator[Any]]) -> Callable[[Any, Any], Iterator[Any]]:
    """The function as gRPC calls it. Errors before the first message are told as those of other calls."""

    def answer(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:  # noqa: ANN401 - every message
        yield from _answering(lambda message: function(message, context.add_callback))(request, context)

    return answer


def _fail(context: grpc.ServicerContext, message: str, detail: Message | None) -> NoReturn:
    import grpc  # noqa: PLC0415 - as above
    from google.protobuf.any_pb2 import Any as Packed  # noqa: PLC0415 - as above
    from pulumi.runtime.proto import status_pb2  # noqa: PLC0415 - after without_sdk

    if detail is not None:
        packed = Packed()
        packed.Pack(detail)
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message, details=[packed])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError
