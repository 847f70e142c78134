"""Whose an object is, which file it comes from, and whom to call: on every object, from one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pulumi
import pulumi_kubernetes as k8s

from tenantry import names
from tenantry.catalog import EffectiveTenant
from tenantry.environment import EnvironmentSpec

NOTHING: Mapping[str, str] = MappingProxyType({})
"""No labels or annotations beyond those that every object carries."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """The labels and annotations that every object of one stack carries."""

    tenant: str
    """Value of the tenant's label; `platform` for what belongs to no tenant."""
    annotations: Mapping[str, str]
    """The source file and the owner. Annotations, because people's names are no label values."""

    def meta(
        self,
        component: str,
        name: str,
        *,
        namespace: pulumi.Input[str] | None = None,
        labels: Mapping[str, str] = NOTHING,
    ) -> k8s.meta.v1.ObjectMetaArgs:
        """Metadata of one object.

        Args:
            component: The concern that the object belongs to, as in `quota`.
            name: The object's name in Kubernetes. Always given, so that Pulumi never makes one up.
            namespace: Its namespace; none for kinds of the whole cluster.
            labels: Labels besides the owner's, which these never override.
        """
        return k8s.meta.v1.ObjectMetaArgs(
            name=name,
            namespace=namespace,
            labels={**labels, **owner_labels(self.tenant, component)},
            annotations=dict(self.annotations),
        )


def owner_labels(tenant: str, component: str) -> dict[str, str]:
    """Labels by which tools and policies recognise what Tenantry owns. Ids and concerns are valid label values."""
    return {
        names.TENANT_LABEL: tenant,
        names.COMPONENT_LABEL: component,
        names.MANAGED_BY_LABEL: names.MANAGED_BY,
    }


def of_tenant(tenant: EffectiveTenant) -> Marks:
    """Marks of everything in a tenant's stack."""
    owner = tenant.spec.owner
    return Marks(
        tenant=tenant.spec.id,
        annotations={
            names.SOURCE_ANNOTATION: tenant.source,
            names.TEAM_ANNOTATION: owner.team,
            names.EMAIL_ANNOTATION: owner.email,
            names.ON_CALL_ANNOTATION: owner.on_call,
            names.COST_CENTER_ANNOTATION: owner.cost_center,
        },
    )


def of_platform(environment: EnvironmentSpec) -> Marks:
    """Marks of everything in an environment's platform stack."""
    source = names.environment_file(environment.id)
    return Marks(tenant=names.PLATFORM, annotations={names.SOURCE_ANNOTATION: source})
