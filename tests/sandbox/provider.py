"""Drives the stand-in provider as the engine would, message by message, without an engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

from pulumi.runtime.proto import provider_pb2

from tenantry.sandbox.plugins.protocol import CallError
from tenantry.sandbox.plugins.resource_kubernetes.provider import Provider
from tenantry.sandbox.plugins.values import Json, Path, decode, encode


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:test.sandbox::tests::{token}::{name}"


@dataclass
class Known:
    """A resource as the engine's state has it."""

    token: str
    name: str
    id: str
    inputs: Json
    state: Json


@dataclass
class Driver:
    """A configured provider, and the engine's half of the talk with it."""

    kubeconfig: File
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.provider = Provider()
        arguments = {"kubeconfig": str(self.kubeconfig)} | dict(self.settings)
        self.provider.configure(provider_pb2.ConfigureRequest(args=encode(arguments)))

    def check(self, token: str, name: str, inputs: Json, old: Json | None = None) -> Json:
        """The checked inputs.

        Raises:
            ValueError: the check failed; its reasons are in the message.
        """
        request = provider_pb2.CheckRequest(
            urn=urn(token, name), news=encode(inputs), olds=encode(old or {}), randomSeed=b"seed"
        )
        answer = self.provider.check(request)
        if answer.failures:
            raise ValueError("; ".join(failure.reason for failure in answer.failures))
        return decode(answer.inputs).value

    def preview_create(self, token: str, name: str, inputs: Json) -> Json:
        return self._create(token, name, inputs, preview=True).state

    def create(self, token: str, name: str, inputs: Json, *, timeout: float = 0) -> Known:
        return self._create(token, name, inputs, preview=False, timeout=timeout)

    def diff(self, known: Known, inputs: Json) -> provider_pb2.DiffResponse:
        return self.provider.diff(
            provider_pb2.DiffRequest(
                urn=urn(known.token, known.name),
                id=known.id,
                olds=encode(known.state),
                old_inputs=encode(known.inputs),
                news=encode(inputs),
            )
        )

    def update(self, known: Known, inputs: Json, *, preview: bool = False, timeout: float = 0) -> Known:
        checked = self.check(known.token, known.name, inputs, known.inputs)
        request = provider_pb2.UpdateRequest(
            urn=urn(known.token, known.name),
            id=known.id,
            olds=encode(known.state),
            old_inputs=encode(known.inputs),
            news=encode(checked),
            preview=preview,
            timeout=timeout,
        )
        state = decode(self.provider.update(request).properties).value
        return Known(known.token, known.name, known.id, checked, state)

    def read(self, known: Known) -> Known | None:
        answer = self.provider.read(
            provider_pb2.ReadRequest(
                urn=urn(known.token, known.name),
                id=known.id,
                properties=encode(known.state),
                inputs=encode(known.inputs),
            )
        )
        if not answer.id:
            return None
        inputs, state = decode(answer.inputs).value, decode(answer.properties).value
        return Known(known.token, known.name, answer.id, inputs, state)

    def delete(self, known: Known, *, timeout: float = 0) -> None:
        self.provider.delete(
            provider_pb2.DeleteRequest(
                urn=urn(known.token, known.name), id=known.id, properties=encode(known.state), timeout=timeout
            )
        )

    def create_secret(self, name: str, inputs: Json, secrets: Iterable[Path]) -> frozenset[Path]:
        """Create a Secret of secret inputs; where the secrets of its state lie."""
        token = "kubernetes:core/v1:Secret"
        request = provider_pb2.CreateRequest(urn=urn(token, name), properties=encode(inputs, secrets))
        return decode(self.provider.create(request).properties).secrets

    def _create(self, token: str, name: str, inputs: Json, *, preview: bool, timeout: float = 0) -> Known:
        checked = self.check(token, name, inputs)
        request = provider_pb2.CreateRequest(
            urn=urn(token, name), properties=encode(checked), preview=preview, timeout=timeout
        )
        answer = self.provider.create(request)
        return Known(token, name, answer.id, checked, decode(answer.properties).value)


def kept(error: CallError) -> provider_pb2.ErrorResourceInitFailed:
    """What the engine is told to keep of a resource that is not ready."""
    assert isinstance(error.detail, provider_pb2.ErrorResourceInitFailed)
    return error.detail
