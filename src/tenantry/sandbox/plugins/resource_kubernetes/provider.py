"""The gRPC service `ResourceProvider`: from the engine's requests to operations and back."""

from __future__ import annotations

import importlib.metadata
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from tenantry.errors import PlatformError
from tenantry.kube import KubeError
from tenantry.sandbox.plugins.engine import Engine
from tenantry.sandbox.plugins.protocol import Call, CallError
from tenantry.sandbox.plugins.resource_kubernetes import checking, difference, objects
from tenantry.sandbox.plugins.resource_kubernetes.messages import (
    input_secrets,
    state_secrets,
    unready_is_kept,
    value,
)
from tenantry.sandbox.plugins.resource_kubernetes.operations import Operations
from tenantry.sandbox.plugins.resource_kubernetes.settings import OFFICIAL, settings
from tenantry.sandbox.plugins.resource_kubernetes.target import target
from tenantry.sandbox.plugins.values import Json, Properties, decode, encode

SERVICE: Final = "pulumirpc.ResourceProvider"


class Provider:
    """One provider process: configured once, then asked for many things at a time."""

    def __init__(self, engine: str = "") -> None:
        self._engine = Engine(engine)
        self._cancelled = threading.Event()
        self._definitions = checking.Definitions()
        self._operations: Operations | None = None

    def handshake(self, _: provider_pb2.ProviderHandshakeRequest) -> provider_pb2.ProviderHandshakeResponse:
        """The parts of the protocol that we speak: secrets yes, references to resources no."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def info(self, _: Empty) -> plugin_pb2.PluginInfo:
        """Our version: that of the SDK, so that the engine finds them in step."""
        return plugin_pb2.PluginInfo(version=importlib.metadata.version("pulumi-kubernetes"))

    def check_config(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Settings are looked at when they are used; some come only from another resource."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def diff_config(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """New settings never replace what the provider made."""
        changes = sorted({str(path[0]) for path, _ in difference.changes(value(request.olds), value(request.news))})
        kind = provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=kind, diffs=changes)

    def configure(self, request: provider_pb2.ConfigureRequest) -> provider_pb2.ConfigureResponse:
        """Read the kubeconfig. The cluster itself is asked first when there is something to ask."""
        self._operations = Operations(settings(value(request.args)), self._engine, self._cancelled)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def check(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """The inputs with defaults, or what is wrong with them."""
        its, news, olds = target(request.urn), decode(request.news), value(request.olds)
        failures = list(checking.problems(its.token, news.value))
        inputs = news.value
        if not failures:
            inputs = checking.checked(its.token, its.name, news.value, olds, request.randomSeed)
            self._definitions.learn(inputs)
            try:
                inputs = self._with_namespace(inputs)
            except KubeError as error:
                if error.reason != "NoKind":
                    raise
                failures = [
                    ("kind", f"{error} Is its definition installed, and the kubeconfig's cluster the right one?")
                ]
        return provider_pb2.CheckResponse(
            inputs=encode(inputs, news.secrets),
            failures=[provider_pb2.CheckFailure(property=place, reason=reason) for place, reason in failures],
        )

    def diff(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Every field that changed, and whether the object must be replaced for it."""
        state, new = value(request.olds), value(request.news)
        old = value(request.old_inputs) or state.get(objects.INPUTS_KEY) or {}
        ref = objects.ref_of(new)
        details, replaces = {}, []
        for path, change in difference.changes(old, new):
            forced = difference.replaces(ref, path, mutable=self._ready().settings.mutable)
            kind = provider_pb2.PropertyDiff.Kind.Value(f"{change}_REPLACE" if forced else change)
            place = difference.text(path)
            details[place] = provider_pb2.PropertyDiff(kind=kind, inputDiff=True)
            replaces += [place] if forced else []
        changed = provider_pb2.DiffResponse.DIFF_SOME if details else provider_pb2.DiffResponse.DIFF_NONE
        before = objects.ref_of(old)
        same_place = (before.name, before.namespace) == (ref.name, ref.namespace)
        return provider_pb2.DiffResponse(
            changes=changed,
            replaces=replaces,
            detailedDiff=details,
            hasDetailedDiff=True,
            deleteBeforeReplace=bool(replaces) and same_place and not objects.autonamed(new),
        )

    def create(self, request: provider_pb2.CreateRequest) -> provider_pb2.CreateResponse:
        """Make the object; in a preview, ask the server what it would say."""
        inputs = decode(request.properties)
        with unready_is_kept(inputs):
            identifier, state = self._ready().create(
                target(request.urn), inputs.value, request.timeout, preview=request.preview
            )
        return provider_pb2.CreateResponse(id=identifier, properties=encode(state, state_secrets(inputs)))

    def update(self, request: provider_pb2.UpdateRequest) -> provider_pb2.UpdateResponse:
        """Change the object in place; in a preview, ask the server what it would say."""
        inputs = decode(request.news)
        with unready_is_kept(inputs):
            state = self._ready().update(
                target(request.urn), value(request.olds), inputs.value, request.timeout, preview=request.preview
            )
        return provider_pb2.UpdateResponse(properties=encode(state, state_secrets(inputs)))

    def read(self, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
        """What the server has; an empty answer where it has nothing."""
        inputs = decode(request.inputs)
        with unready_is_kept(inputs):
            found = self._ready().read(target(request.urn), request.id, value(request.properties), inputs.value)
        if found is None:
            return provider_pb2.ReadResponse()
        state, now = found
        known = Properties(now, inputs.secrets)
        return provider_pb2.ReadResponse(
            id=request.id, properties=encode(state, state_secrets(known)), inputs=encode(now, input_secrets(known))
        )

    def delete(self, request: provider_pb2.DeleteRequest) -> Empty:
        """Delete the object and wait until it is gone."""
        self._ready().delete(target(request.urn), request.id, value(request.properties), request.timeout)
        return Empty()

    def cancel(self, _: Empty) -> Empty:
        """Stop waiting: what was written is reported as it is."""
        self.stop()
        return Empty()

    def refuse(self, request: provider_pb2.InvokeRequest | provider_pb2.ConstructRequest) -> NoReturn:
        """Functions and components of the provider itself."""
        token = request.tok if isinstance(request, provider_pb2.InvokeRequest) else request.type
        raise CallError(f"{token}: {OFFICIAL}")

    def stop(self) -> None:
        """End every wait."""
        self._cancelled.set()

    def calls(self) -> Mapping[str, Call]:
        """The service's methods."""
        functions: dict[str, tuple[Callable[[Any], Any], str, str]] = {
            "Handshake": (self.handshake, "ProviderHandshakeRequest", "ProviderHandshakeResponse"),
            "CheckConfig": (self.check_config, "CheckRequest", "CheckResponse"),
            "DiffConfig": (self.diff_config, "DiffRequest", "DiffResponse"),
            "Configure": (self.configure, "ConfigureRequest", "ConfigureResponse"),
            "Check": (self.check, "CheckRequest", "CheckResponse"),
            "Diff": (self.diff, "DiffRequest", "DiffResponse"),
            "Create": (self.create, "CreateRequest", "CreateResponse"),
            "Read": (self.read, "ReadRequest", "ReadResponse"),
            "Update": (self.update, "UpdateRequest", "UpdateResponse"),
            "Invoke": (self.refuse, "InvokeRequest", "InvokeResponse"),
            "Construct": (self.refuse, "ConstructRequest", "ConstructResponse"),
        }
        messages = vars(provider_pb2)
        calls = {
            name: Call(function, messages[asks], messages[gives]) for name, (function, asks, gives) in functions.items()
        }
        return calls | {
            "Delete": Call(self.delete, provider_pb2.DeleteRequest, Empty),
            "Cancel": Call(self.cancel, Empty, Empty),
            "GetPluginInfo": Call(self.info, Empty, plugin_pb2.PluginInfo),
        }

    def _ready(self) -> Operations:
        if self._operations is None:
            raise PlatformError("The Kubernetes provider was asked before it was configured.")
        return self._operations

    def _with_namespace(self, inputs: Json) -> Json:
        its = self._ready().settings
        return checking.with_namespace(inputs, its.namespace, its.kube, self._definitions)
