"""Create, update, read and delete: what each does to the API server, and what the engine is told."""

from __future__ import annotations

import threading

from tenantry.errors import PlatformError
from tenantry.kube import Json
from tenantry.sandbox.plugins.engine import Engine
from tenantry.sandbox.plugins.resource_kubernetes import objects
from tenantry.sandbox.plugins.resource_kubernetes.api import Api
from tenantry.sandbox.plugins.resource_kubernetes.arrival import Arrival
from tenantry.sandbox.plugins.resource_kubernetes.drift import refreshed
from tenantry.sandbox.plugins.resource_kubernetes.settings import Settings
from tenantry.sandbox.plugins.resource_kubernetes.target import Target
from tenantry.sandbox.plugins.resource_kubernetes.waiting import (
    NotReadyError,
    StillThereError,
    Waiting,
    is_missing,
    time_limit,
)
from tenantry.sandbox.plugins.values import has_unknown


class InitFailedError(Exception):
    """The object was written, and is not ready: the state must hold it all the same."""

    def __init__(self, live: Json, inputs: Json, manager: str, reason: str) -> None:
        super().__init__(reason)
        self.identifier = objects.id_of(live)
        self.inputs = inputs
        self.state = objects.checkpoint(live, inputs, manager)


class Operations:
    """What a configured provider does."""

    def __init__(self, settings: Settings, engine: Engine, cancelled: threading.Event) -> None:
        self.settings = settings
        self._api = Api(settings)
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
        arrival = Arrival(self._api, self._engine, target, inputs, self.settings.upsert)
        if preview:
            return "", arrival.rehearsed()
        waiting, manager = self._waiting(target, inputs, timeout), objects.manager_of(target.urn, {})
        arrival.clear_way(waiting)
        live = waiting.until_known(lambda: self._api.apply(inputs, manager))
        return self._settled(live, inputs, manager, waiting)

    def update(self, target: Target, state: Json, inputs: Json, timeout: float, *, preview: bool) -> Json:
        """The state after the object's fields are as asked for. Fields that were applied and are asked for no more go.

        Raises:
            PlatformError: the server refuses, or another manager owns a field that would change.
            InitFailedError: it was written and is not ready.
        """
        if preview and (has_unknown(inputs) or not self._api.is_served(inputs)):
            return inputs
        manager = objects.manager_of(target.urn, state)
        live = self._api.apply(inputs, manager, dry_run=preview)
        if preview:
            return objects.checkpoint(live, inputs, manager)
        return self._settled(live, inputs, manager, self._waiting(target, inputs, timeout))[1]

    def read(self, target: Target, identifier: str, state: Json, inputs: Json) -> tuple[Json, Json] | None:
        """The state and the inputs as the server has them. None where the server says that the object is not there.

        Raises:
            InitFailedError: an object that we know is not ready now.
        """
        ref = objects.ref_of_id(identifier, target.token, inputs or state)
        live, manager = self._api.get(ref), objects.manager_of(target.urn, state)
        if live is None:
            return None
        if not inputs:
            now = objects.without_server_fields(live)
        else:
            now = refreshed(inputs, state, live)
            missing = None if _skips_wait(inputs) else is_missing(live, self.settings.kube)
            if missing:
                raise InitFailedError(live, now, manager, f"{ref} is not ready: {missing}")
        return objects.checkpoint(live, now, manager), now

    def delete(self, target: Target, identifier: str, state: Json, timeout: float) -> None:
        """Return once the object is gone, or was gone before.

        Raises:
            PlatformError: the server refuses, or something holds the object.
        """
        ref = objects.ref_of_id(identifier, target.token, state)
        policy = objects.annotation(state, "pulumi.com/deletionPropagationPolicy").capitalize() or "Foreground"
        if not self._api.delete(ref, policy):
            return
        try:
            self._waiting(target, state, timeout).until_gone(ref)
        except StillThereError as error:
            raise PlatformError(f"{error}.") from error

    def _settled(self, live: Json, inputs: Json, manager: str, waiting: Waiting) -> tuple[str, Json]:
        """The id and the state once the object is ready."""
        if not _skips_wait(inputs):
            try:
                live = objects.from_api(waiting.until_ready(objects.ref_of(inputs), live))
            except NotReadyError as error:
                raise InitFailedError(objects.from_api(error.live), inputs, manager, str(error)) from error
        return objects.id_of(live), objects.checkpoint(live, inputs, manager)

    def _waiting(self, target: Target, inputs: Json, timeout: float) -> Waiting:
        limit = time_limit(inputs, timeout)
        return Waiting(self.settings.kube, self._engine, target.urn, limit, self._cancelled)


def _skips_wait(inputs: Json) -> bool:
    return objects.annotation(inputs, "pulumi.com/skipAwait") == "true"
