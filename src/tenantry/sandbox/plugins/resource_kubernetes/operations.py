"""Create, update, read and delete: what each does to the API server, and what the engine is told."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from tenantry.errors import PlatformError
from tenantry.kube import Json, KubeError
from tenantry.sandbox.plugins.engine import Engine
from tenantry.sandbox.plugins.resource_kubernetes import objects
from tenantry.sandbox.plugins.resource_kubernetes.drift import refreshed
from tenantry.sandbox.plugins.resource_kubernetes.objects import Ref
from tenantry.sandbox.plugins.resource_kubernetes.settings import Settings
from tenantry.sandbox.plugins.resource_kubernetes.waiting import NotReadyError, StillThereError, Waiting, time_limit
from tenantry.sandbox.plugins.values import has_unknown

FORCE = "pulumi.com/patchForce"
PATIENCE = 60.0
"""Seconds that a create waits for an object of the same name that is being deleted."""


class InitFailedError(Exception):
    """The object was written, and is not ready: the state must hold it all the same."""

    def __init__(self, identifier: str, outputs: Json, reason: str) -> None:
        super().__init__(reason)
        self.identifier = identifier
        self.outputs = outputs


@dataclass(frozen=True)
class Target:
    """The resource that an operation is about."""

    urn: str
    token: str
    """Its type, as in `kubernetes:core/v1:Namespace`."""
    name: str
    """Its logical name."""

    @property
    def stack(self) -> str:
        """Name of its stack."""
        return self.urn.split("::", 1)[0].rpartition(":")[2]


class Operations:
    """What a configured provider does."""

    def __init__(self, settings: Settings, engine: Engine, cancelled: threading.Event) -> None:
        self.settings = settings
        self._kube = settings.kube
        self._engine = engine
        self._cancelled = cancelled

    def create(self, target: Target, inputs: Json, timeout: float, *, preview: bool) -> tuple[str, Json]:
        """The id and the state of a new object. In a preview the server only says what it would answer.

        An object that is there already is refused, unless this very resource applied it: then an earlier run was
        killed before it could write that down.

        Raises:
            PlatformError: the server refuses, or somebody else's object is in the way.
            InitFailedError: it was written and is not ready.
        """
        if preview:
            return "", self._preview_create(target, inputs)
        ref, manager = objects.ref_of(inputs), objects.manager_of(target.urn, {})
        waiting = self._waiting(target, inputs, timeout)
        self._clear_way(target, ref, manager, waiting)
        live = waiting.until_known(lambda: self._apply(inputs, manager))
        return self._settled(ref, live, inputs, manager, waiting)

    def update(self, target: Target, state: Json, inputs: Json, timeout: float, *, preview: bool) -> Json:
        """The state after the object's fields are as asked for. Fields that were applied and are asked for no more go.

        Raises:
            PlatformError: the server refuses, or another manager owns a field that would change.
            InitFailedError: it was written and is not ready.
        """
        if preview and (has_unknown(inputs) or not self.is_served(inputs)):
            return inputs
        manager = objects.manager_of(target.urn, state)
        live = self._apply(inputs, manager, dry_run=preview)
        if preview:
            return objects.checkpoint(live, inputs, manager)
        waiting = self._waiting(target, inputs, timeout)
        return self._settled(objects.ref_of(inputs), live, inputs, manager, waiting)[1]

    def read(self, target: Target, identifier: str, state: Json, inputs: Json) -> tuple[Json, Json] | None:
        """The state and the inputs as the server has them. None where the server says that the object is not there."""
        ref = objects.ref_of_id(identifier, target.token, inputs or state)
        try:
            live = self._kube.get(ref.api_version, ref.kind, ref.name, ref.namespace)
        except KubeError as error:
            if error.reason != "NoKind":
                raise
            live = None
        if live is None:
            return None
        live = objects.from_api(live)
        now = refreshed(inputs, state, live) if inputs else objects.without_server_fields(live)
        return objects.checkpoint(live, now, objects.manager_of(target.urn, state)), now

    def delete(self, target: Target, identifier: str, state: Json, timeout: float) -> None:
        """Return once the object is gone, or was gone before.

        Raises:
            PlatformError: the server refuses, or something holds the object.
        """
        ref = objects.ref_of_id(identifier, target.token, state)
        policy = objects.annotation(state, "pulumi.com/deletionPropagationPolicy").capitalize() or "Foreground"
        waiting = self._waiting(target, state, timeout)
        try:
            if self._kube.delete(ref.api_version, ref.kind, ref.name, ref.namespace, propagation=policy):
                waiting.until_gone(ref)
        except StillThereError as error:
            raise PlatformError(str(error)) from error
        except KubeError as error:
            if error.reason != "NoKind":
                raise

    def is_served(self, obj: Json) -> bool:
        """Whether the server serves the object's kind."""
        try:
            self._kube.resource(obj["apiVersion"], obj["kind"])
        except KubeError as error:
            if error.reason == "NoKind":
                return False
            raise
        return True

    def _preview_create(self, target: Target, inputs: Json) -> Json:
        if has_unknown(inputs) or not self.is_served(inputs):
            return inputs
        manager = objects.manager_of(target.urn, {})
        try:
            live = self._kube.create(objects.to_api(inputs), manager, dry_run=True)
        except KubeError as error:
            if error.reason == "AlreadyExists":
                self._preview_existing(target, objects.ref_of(inputs), manager)
            elif error.reason == "NotFound":
                self._check_elsewhere(inputs, manager)
            else:
                raise
            return inputs
        live.pop("status", None)
        return objects.checkpoint(objects.from_api(live), inputs, manager)

    def _preview_existing(self, target: Target, ref: Ref, manager: str) -> None:
        live = self._existing(ref)
        if live is None or self._is_takeable(live, manager):
            return
        if not live["metadata"].get("deletionTimestamp"):
            raise self._in_the_way(target, ref)
        self._engine.warn(target.urn, f"{ref} is still being deleted. An up waits for it up to {PATIENCE:g} s.")

    def _check_elsewhere(self, inputs: Json, manager: str) -> None:
        """Its namespace is not there yet, most likely because this run makes it: check the fields in another one."""
        moved = inputs | {"metadata": inputs["metadata"] | {"namespace": "default"}}
        try:
            self._kube.create(objects.to_api(moved), manager, dry_run=True)
        except KubeError as error:
            if error.reason in {"Invalid", "BadRequest"}:
                raise

    def _clear_way(self, target: Target, ref: Ref, manager: str, waiting: Waiting) -> None:
        try:
            live = self._existing(ref)
        except KubeError as error:
            if error.reason == "NoKind":
                return
            raise
        if live is None or self._is_takeable(live, manager):
            return
        if not live["metadata"].get("deletionTimestamp"):
            raise self._in_the_way(target, ref)
        waiting.timeout, asked = min(waiting.timeout, PATIENCE), waiting.timeout
        try:
            waiting.until_gone(ref)
        except StillThereError as error:
            raise PlatformError(f"An old {error}. Clear what holds it, then run again.") from error
        waiting.timeout = asked

    def _is_takeable(self, live: Json, manager: str) -> bool:
        terminating = live["metadata"].get("deletionTimestamp")
        return not terminating and (self.settings.upsert or objects.is_applied_by(live, manager))

    def _in_the_way(self, target: Target, ref: Ref) -> PlatformError:
        identifier = f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name
        return PlatformError(
            f"{ref} is there already, and this resource did not make it. To manage it from here, import it: "
            f"pulumi import {target.token} {target.name} {identifier} -s {target.stack}. "
            "Was the resource renamed in the program? Give it an alias of its old name."
        )

    def _existing(self, ref: Ref) -> Json | None:
        return self._kube.get(ref.api_version, ref.kind, ref.name, ref.namespace)

    def _apply(self, inputs: Json, manager: str, *, dry_run: bool = False) -> Json:
        force = self.settings.force or objects.annotation(inputs, FORCE) == "true"
        try:
            live = self._kube.apply(objects.to_api(inputs), manager, force=force, dry_run=dry_run)
        except KubeError as error:
            if error.reason == "Conflict" and "conflict with" in error.message:
                raise PlatformError(
                    f"{objects.ref_of(inputs)}: {error.message}. Somebody else set these fields. Ask them to give them "
                    f'up, or take them over on purpose: annotation {FORCE}: "true".'
                ) from error
            raise
        return objects.from_api(live)

    def _settled(self, ref: Ref, live: Json, inputs: Json, manager: str, waiting: Waiting) -> tuple[str, Json]:
        if objects.annotation(inputs, "pulumi.com/skipAwait") != "true":
            try:
                live = objects.from_api(waiting.until_ready(ref, live))
            except NotReadyError as error:
                seen = objects.from_api(error.live)
                state = objects.checkpoint(seen, inputs, manager)
                raise InitFailedError(objects.id_of(seen), state, str(error)) from error
        return objects.id_of(live), objects.checkpoint(live, inputs, manager)

    def _waiting(self, target: Target, inputs: Json, timeout: float) -> Waiting:
        return Waiting(self._kube, self._engine, target.urn, time_limit(inputs, timeout), self._cancelled)
