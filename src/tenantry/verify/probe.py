"""Requests that show whether a guard works: made in dry runs, so that nothing is ever stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from tenantry import names
from tenantry.effective import EffectiveTenant
from tenantry.guards.parameters import parameters
from tenantry.kube import Json

NAME: Final = "tenantry-verify"
"""Name of every object that a probe asks for. Tenants may use it too: a dry run tells, and nothing is lost."""
DIGEST: Final = f"sha256:{'0' * 64}"
"""Of no image. Nothing is pulled in a dry run."""


@dataclass(frozen=True)
class Facts:
    """What probes are made from: the tenant's own values, which differ from the forbidden ones in one field."""

    tenant: str
    namespace: str
    image: str
    """An image that the tenant may run."""
    host: str
    """A host name that the tenant may serve."""
    storage_class: str

    @classmethod
    def of(cls, tenant: EffectiveTenant) -> Facts:
        """The facts of one tenant."""
        found = parameters(tenant)
        first = {key: value.partition(",")[0] for key, value in found.items()}
        return cls(
            tenant=tenant.spec.id,
            namespace=names.namespace(tenant.spec.id),
            image=f"{first['image-registries']}/{NAME}:v1@{DIGEST}",
            host=f"{NAME}.{first['hosts']}",
            storage_class=first["storage-classes"],
        )


Actor = Literal["developer", "verifier"]
"""`developer`: one of the tenant's own groups, impersonated. `verifier`: whoever runs this, for kinds that roles give
to nobody, so that the rule is seen and not RBAC."""


@dataclass(frozen=True)
class Probe:
    """One request that must be refused by one guard."""

    guard: str
    """Name of the rule, or of what refuses beside the rules: `pod-security`, `quota`."""
    what: str
    """What is asked for, after "refuses"."""
    body: Callable[[Facts], Json]
    words: str = ""
    """What the refusal must say. Empty: the name of the rule's policy."""
    actor: Actor = "developer"
    method: Literal["create", "apply"] = "create"
    optional: bool = False
    """Whether the cluster may lack the kind: then there is nothing to refuse."""

    @property
    def expected(self) -> str:
        """Words by which the guard is known."""
        return self.words or f"'tenantry-{self.guard}'"


def pod(facts: Facts, change: Mapping[str, Any] | None = None, container: Mapping[str, Any] | None = None) -> Json:
    """An ordinary pod, with some fields of its spec or of its container set otherwise."""
    one = {"name": "main", "image": facts.image, **(container or {})}
    return namespaced(facts, "v1", "Pod", {"spec": {"containers": [one], **(change or {})}})


def namespaced(facts: Facts, api_version: str, kind: str, rest: Mapping[str, Any], name: str = NAME) -> Json:
    """An object of the tenant's namespace."""
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": facts.namespace},
        **rest,
    }
