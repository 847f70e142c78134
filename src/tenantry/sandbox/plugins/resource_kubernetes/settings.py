"""The provider's own settings: which cluster, and how."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tenantry.errors import PlatformError
from tenantry.kube import Kube

OFFICIAL: Final = (
    "This is Tenantry's stand-in, which lacks it. "
    "Install the official plugin: pulumi plugin install resource kubernetes"
)
UNSUPPORTED: Final = ("renderYamlToDirectory", "alwaysRender", "deleteUnreachable", "skipUpdateUnreachable")


@dataclass(frozen=True)
class Settings:
    """One configured provider."""

    kube: Kube
    namespace: str
    """For objects of namespaced kinds that name none."""
    force: bool
    """Take over fields of other managers (`enablePatchForce`)."""
    upsert: bool
    """Take over objects that are there and not ours (`upsertExistingObjects`)."""
    mutable: frozenset[str]
    """Kinds whose data is updated in place."""


def settings(given: Mapping[str, Any]) -> Settings:
    """Read the provider's configuration as the official one does: arguments first, then environment variables.

    Raises:
        PlatformError: it asks for what the stand-in lacks, or the kubeconfig is no good.
    """
    for name in UNSUPPORTED:
        if given.get(name) not in (None, "", "false", False):
            raise PlatformError(f"The Kubernetes provider's setting {name} is set. {OFFICIAL}.")
    if given.get("enableServerSideApply") in ("false", False):
        raise PlatformError(f"The Kubernetes provider's setting enableServerSideApply is false. {OFFICIAL}.")
    kube = Kube.from_kubeconfig(given.get("kubeconfig") or None, given.get("context") or None)
    kinds = {"ConfigMap": "enableConfigMapMutable", "Secret": "enableSecretMutable"}
    return Settings(
        kube=kube,
        namespace=given.get("namespace") or kube.access.namespace,
        force=_flag(given, "enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
        upsert=_flag(given, "upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
        mutable=frozenset(
            kind for kind, name in kinds.items() if _flag(given, name, f"PULUMI_K8S_ENABLE_{kind.upper()}_MUTABLE")
        ),
    )


def _flag(given: Mapping[str, Any], name: str, variable: str) -> bool:
    # The SDK sends booleans as text.
    return str(given.get(name, os.environ.get(variable, ""))).lower() in {"true", "1"}
