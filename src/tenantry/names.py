"""Every name that Tenantry derives, spelled in one place."""

from __future__ import annotations

from typing import Final

LABEL_DOMAIN: Final = "tenantry.dev"
TENANT_LABEL: Final = f"{LABEL_DOMAIN}/tenant"
COMPONENT_LABEL: Final = f"{LABEL_DOMAIN}/component"
MANAGED_BY_LABEL: Final = "app.kubernetes.io/managed-by"
MANAGED_BY: Final = "tenantry"
SOURCE_ANNOTATION: Final = f"{LABEL_DOMAIN}/source"
"""Annotation with the file that an object comes from."""
SYSTEM_NAMESPACE: Final = "tenantry-system"
"""Namespace of what the platform itself runs or keeps."""
PLATFORM: Final = "platform"
"""First half of the platform stack's name, and so never a tenant's id."""
DNS_LABEL_MAX: Final = 63
"""Longest DNS label (RFC 1123), so longest namespace and label value."""


def namespace(tenant: str) -> str:
    """Namespace of a tenant: its id, nothing added."""
    return tenant


def tenant_stack(tenant: str, environment: str) -> str:
    """Stack of one tenant in one environment, as in `vision.prod`."""
    return f"{tenant}.{environment}"


def platform_stack(environment: str) -> str:
    """Stack of the platform itself in one environment."""
    return f"{PLATFORM}.{environment}"


def split_stack(stack: str) -> tuple[str, str]:
    """The tenant (or `platform`) and the environment that a stack's name is made of.

    Raises:
        ValueError: the name has not the form `<tenant>.<environment>`.
    """
    tenant, dot, environment = stack.partition(".")
    if not (tenant and dot and environment) or "." in environment:
        raise ValueError(f'"{stack}" is no stack of Tenantry: <tenant>.<environment>, as in "vision.prod"')
    return tenant, environment


def tenant_file(tenant: str) -> str:
    """Path of a tenant's file, relative to the repository's root."""
    return f"tenants/{tenant}/tenant.yaml"


def environment_file(environment: str) -> str:
    """Path of an environment's file, relative to the repository's root."""
    return f"infra/environments/{environment}.yaml"
