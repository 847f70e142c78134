"""What the rules know about one tenant: the ConfigMap that the tenant's stack writes into its namespace."""

from __future__ import annotations

from typing import Final

from tenantry import gpu, names
from tenantry.effective import EffectiveTenant

NAME: Final = "tenantry-guard"
"""Name of the ConfigMap. Only the platform writes it (rule `owned-objects`)."""

MODELS_BY_HAND: Final = "models-by-hand"
"""Key that says whether a SeldonDeployment may come from nobody's file."""

MODEL_REPLICAS: Final = "model-replicas"
"""Key with the most replicas of one model."""
NO_LIMIT: Final = 1000
"""Replicas of a model where no operator makes pods of it: as many as any file may ask for."""

BASE_RESOURCES: Final = ("cpu", "memory", "ephemeral-storage")
"""Resources that every container may ask for."""


def flavors(tenant: EffectiveTenant) -> tuple[str, ...]:
    """GPU flavors that the tenant may hold: guaranteed ones, and every one of the cluster's where it can borrow."""
    spec, environment = tenant.spec, tenant.environment
    present = {pool.gpu for pool in environment.node_pools.values()}
    ceiling = environment.tiers[spec.tier].ceilings.gpus
    spare = spec.quota.borrow and ceiling > sum(spec.quota.gpus.values())
    return tuple(flavor for flavor in gpu.FLAVORS if flavor in present and (spare or spec.quota.gpus.get(flavor)))


def node_pools(tenant: EffectiveTenant) -> tuple[str, ...]:
    """Pools that the tenant may name: those without GPUs, and those of its flavors."""
    allowed = {None, *flavors(tenant)}
    return tuple(sorted(name for name, pool in tenant.environment.node_pools.items() if pool.gpu in allowed))


def foreign_products(tenant: EffectiveTenant) -> tuple[str, ...]:
    """Products of GPUs that the cluster has and the tenant may not hold."""
    present = {pool.gpu for pool in tenant.environment.node_pools.values()}
    return tuple(gpu.FLAVORS[one].product for one in gpu.FLAVORS if one in present and one not in flavors(tenant))


def parameters(tenant: EffectiveTenant) -> dict[str, str]:
    """The whole `data` of the ConfigMap. Lists are joined with commas, which no item can have; empty: none."""
    spec, environment = tenant.spec, tenant.environment
    tier = environment.tiers[spec.tier]
    mine = flavors(tenant)
    lists = {
        "node-pools": node_pools(tenant),
        "gpu-products": tuple(gpu.FLAVORS[flavor].product for flavor in mine),
        "foreign-gpu-products": foreign_products(tenant),
        "priority-classes": (names.priority_class(spec.tier),),
        "image-registries": environment.image_registries,
        "resource-names": (*BASE_RESOURCES, gpu.RESOURCE) if mine else BASE_RESOURCES,
        "storage-classes": environment.storage_classes,
        "artifact-buckets": (names.artifact_bucket(spec.id, environment.id),),
        "hosts": (f"{spec.id}.{environment.domain}",),
    }
    return {
        "tenant": spec.id,
        "image-digest": "required" if tier.image_digests else "optional",
        MODELS_BY_HAND: "refused" if tier.model_approval else "allowed",
        MODEL_REPLICAS: str(spec.serving.max_replicas if spec.serving else NO_LIMIT),
        **{key: ",".join(items) for key, items in lists.items()},
    }


def listed(key: str) -> str:
    """CEL of a parameter that is a list, as a list of strings. An empty text is an empty list."""
    return f"params.data['{key}'].split(',').filter(item, item != '')"
