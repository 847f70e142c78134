"""The API server in terms of resources' inputs: what is there, what would be, and what is made so."""

from __future__ import annotations

from typing import Final

from tenantry.errors import PlatformError
from tenantry.kube import Json, KubeError
from tenantry.sandbox.plugins.resource_kubernetes import objects
from tenantry.sandbox.plugins.resource_kubernetes.objects import Ref
from tenantry.sandbox.plugins.resource_kubernetes.settings import Settings

FORCE: Final = "pulumi.com/patchForce"


class Api:
    """One cluster, as the provider is configured for it."""

    def __init__(self, settings: Settings) -> None:
        self._kube = settings.kube
        self._force = settings.force

    def get(self, ref: Ref) -> Json | None:
        """The live object. None where there is none, which is so too where its kind is not served.

        Raises:
            KubeError: the server fails or does not answer; nothing is known then.
        """
        try:
            live = self._kube.get(ref.api_version, ref.kind, ref.name, ref.namespace)
        except KubeError as error:
            if error.reason == "NoKind":
                return None
            raise
        return live and objects.from_api(live)

    def apply(self, inputs: Json, manager: str, *, dry_run: bool = False) -> Json:
        """The live object once its fields are as asked for.

        Raises:
            PlatformError: another manager owns a field that would change.
            KubeError: any other refusal.
        """
        force = self._force or objects.annotation(inputs, FORCE) == "true"
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

    def rehearse(self, inputs: Json, manager: str) -> Json:
        """The object that a create would make, all checks of the server passed, nothing written."""
        return objects.from_api(self._kube.create(objects.to_api(inputs), manager, dry_run=True))

    def is_served(self, obj: Json) -> bool:
        """Whether the server serves the object's kind."""
        try:
            self._kube.resource(obj["apiVersion"], obj["kind"])
        except KubeError as error:
            if error.reason == "NoKind":
                return False
            raise
        return True

    def delete(self, ref: Ref, propagation: str) -> bool:
        """Ask for the object's deletion. False where it was not there, which is so too where its kind is not served."""
        try:
            return self._kube.delete(ref.api_version, ref.kind, ref.name, ref.namespace, propagation=propagation)
        except KubeError as error:
            if error.reason == "NoKind":
                return False
            raise
