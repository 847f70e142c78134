"""Between the engine's messages and plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pulumi.runtime.proto import provider_pb2

from tenantry.sandbox.plugins.protocol import CallError
from tenantry.sandbox.plugins.resource_kubernetes.objects import INPUTS_KEY
from tenantry.sandbox.plugins.resource_kubernetes.operations import InitFailedError
from tenantry.sandbox.plugins.values import Json, Path, Properties, decode, encode

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct

SECRET_DATA: Final[tuple[Path, ...]] = (("data",), ("stringData",))


def value(struct: Struct) -> Json:
    """Plain Python of properties whose secrets do not matter here."""
    return decode(struct).value


def input_secrets(inputs: Properties) -> frozenset[Path]:
    """Where the secrets of an object's inputs lie. The data of a Secret is always secret."""
    return inputs.secrets | frozenset(SECRET_DATA if inputs.value.get("kind") == "Secret" else ())


def state_secrets(inputs: Properties) -> frozenset[Path]:
    """Where the secrets of an object's state lie: where its inputs have them, and in the copy of the inputs."""
    own = input_secrets(inputs)
    return own | {(INPUTS_KEY, *path) for path in own}


@contextmanager
def unready_is_kept(inputs: Properties) -> Iterator[None]:
    """Tell the engine of an object that was written and is not ready, in the way that makes it keep the object."""
    try:
        yield
    except InitFailedError as error:
        detail = provider_pb2.ErrorResourceInitFailed(
            id=error.identifier,
            properties=encode(error.state, state_secrets(inputs)),
            reasons=[str(error)],
            inputs=encode(error.inputs, input_secrets(inputs)),
        )
        raise CallError(str(error), detail) from error
