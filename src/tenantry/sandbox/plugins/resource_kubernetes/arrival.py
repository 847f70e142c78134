"""A new resource meets what is already there: its own object, somebody else's, or one on its way out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tenantry.errors import PlatformError
from tenantry.kube import Json, KubeError
from tenantry.sandbox.plugins.engine import Engine
from tenantry.sandbox.plugins.resource_kubernetes import objects
from tenantry.sandbox.plugins.resource_kubernetes.api import Api
from tenantry.sandbox.plugins.resource_kubernetes.objects import Ref
from tenantry.sandbox.plugins.resource_kubernetes.target import Target
from tenantry.sandbox.plugins.resource_kubernetes.waiting import StillThereError, Waiting
from tenantry.sandbox.plugins.values import has_unknown

PATIENCE: Final = 60.0
"""Seconds that a create waits for an object of the same name that is being deleted."""


@dataclass(frozen=True)
class Arrival:
    """One resource that is to be created."""

    api: Api
    engine: Engine
    target: Target
    inputs: Json
    upsert: bool
    """Take over whatever is there."""

    def rehearsed(self) -> Json:
        """The state that a create would end with, as far as the server can tell beforehand. Writes nothing.

        Raises:
            PlatformError: the create would fail.
        """
        if has_unknown(self.inputs) or not self.api.is_served(self.inputs):
            return self.inputs
        try:
            live = self.api.rehearse(self.inputs, self._manager)
        except KubeError as error:
            # A quota that this very object fills refuses it before the server notices that it is there.
            full = error.reason == "Forbidden" and "exceeded quota" in error.message
            if error.reason == "AlreadyExists" or (full and self.api.get(objects.ref_of(self.inputs))):
                self._meet(waiting=None)
            elif error.reason == "NotFound":
                self._rehearse_elsewhere()
            else:
                raise
            return self.inputs
        live.pop("status", None)
        return objects.checkpoint(live, self.inputs, self._manager)

    def clear_way(self, waiting: Waiting) -> None:
        """Return once nothing is in the way.

        Raises:
            PlatformError: something is, and it is not this resource's own object.
        """
        self._meet(waiting)

    def _meet(self, waiting: Waiting | None) -> None:
        ref = objects.ref_of(self.inputs)
        live = self.api.get(ref)
        if live is None:
            return
        if live["metadata"].get("deletionTimestamp"):
            self._see_off(ref, waiting)
        elif not self.upsert and not objects.is_applied_by(live, self._manager):
            raise self._in_the_way(ref)

    def _see_off(self, ref: Ref, waiting: Waiting | None) -> None:
        if waiting is None:
            self.engine.warn(
                self.target.urn, f"{ref} is still being deleted. An up waits up to {PATIENCE:g} s for it to be gone."
            )
            return
        try:
            replace(waiting, timeout=min(waiting.timeout, PATIENCE)).until_gone(ref)
        except StillThereError as error:
            raise PlatformError(f"{error}. Clear what holds the old one, then run again.") from error

    def _rehearse_elsewhere(self) -> None:
        """Its namespace is not there yet, most likely because this run makes it: check the fields in another one."""
        moved = self.inputs | {"metadata": self.inputs["metadata"] | {"namespace": "default"}}
        try:
            self.api.rehearse(moved, self._manager)
        except KubeError as error:
            # Whether there is room for it, and who may make it, is another matter in another namespace.
            if error.reason in {"Invalid", "BadRequest"}:
                raise

    def _in_the_way(self, ref: Ref) -> PlatformError:
        identifier = f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name
        its = self.target
        return PlatformError(
            f"{ref} is there already, and this resource did not make it. To manage it from here, import it: "
            f"pulumi import {its.token} {its.name} {identifier} -s {its.stack}. "
            "Was the resource renamed in the program? Give it an alias of its old name."
        )

    @property
    def _manager(self) -> str:
        return objects.manager_of(self.target.urn, {})
