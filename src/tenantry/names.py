"""Every name that Tenantry derives, spelled in one place."""

from __future__ import annotations

import hashlib
import re
from typing import Final, Literal

from tenantry.errors import PlatformError

LABEL_DOMAIN: Final = "tenantry.dev"
TENANT_LABEL: Final = f"{LABEL_DOMAIN}/tenant"
COMPONENT_LABEL: Final = f"{LABEL_DOMAIN}/component"
MANAGED_BY_LABEL: Final = "app.kubernetes.io/managed-by"
MANAGED_BY: Final = "tenantry"
SOURCE_ANNOTATION: Final = f"{LABEL_DOMAIN}/source"
"""Annotation with the file that an object comes from."""
CREDENTIALS_ANNOTATION: Final = "tenantry.dev/credentials"
"""On pods, and the beginning of others like it: the uid of the Secret that they were started with."""
TEAM_ANNOTATION: Final = f"{LABEL_DOMAIN}/team"
EMAIL_ANNOTATION: Final = f"{LABEL_DOMAIN}/email"
ON_CALL_ANNOTATION: Final = f"{LABEL_DOMAIN}/on-call"
COST_CENTER_ANNOTATION: Final = f"{LABEL_DOMAIN}/cost-center"
TIER_LABEL: Final = f"{LABEL_DOMAIN}/tier"
LIFECYCLE_LABEL: Final = f"{LABEL_DOMAIN}/lifecycle"
"""Label of a tenant's namespace: active, frozen or offboarding."""
POOL_LABEL: Final = f"{LABEL_DOMAIN}/pool"
"""Label of a node with its pool's name."""
COHORT: Final = "tenantry"
"""The cluster's one Kueue cohort: tenants lend idle GPUs to each other within it."""
ANY_NODE_FLAVOR: Final = "any-node"
"""Kueue flavor of CPU and memory, which are the same on every node. No GPU flavor may have this name."""
LOCAL_QUEUE: Final = "default"
"""Kueue puts workloads that name no queue into the namespace's queue of this name."""
SYSTEM_NAMESPACE: Final = "tenantry-system"
"""Namespace of what the platform itself runs or keeps."""
SIGN_ON_NAMESPACE: Final = "tenantry-sign-on"
"""Namespace of the proxies before all teams' hosts, and name of what they share in it: no tenant's id starts so."""
PLATFORM: Final = "platform"
"""First half of the platform stack's name, and so never a tenant's id."""
Service = Literal["pipelines", "registry"]
"""A service of a team that people open: a key of the tenant's file, and the first label of its host."""
WORKLOAD_ACCOUNTS: Final = ("pipeline-runner", "serving")
"""Service accounts that a team's workloads may run as, besides `default`: steps of pipelines, and models."""
DNS_LABEL_MAX: Final = 63
"""Longest DNS label (RFC 1123), so longest namespace and label value."""
PREDICTOR_MAX: Final = 9
"""Longest name of a predictor of a model's SeldonDeployment."""
MODEL_UNIT: Final = "model"
"""Unit of a predictor's graph: there is one, and it is the model."""


def namespace(tenant: str) -> str:
    """Namespace of a tenant: its id, nothing added."""
    return tenant


def cluster_queue(tenant: str) -> str:
    """Kueue queue of a tenant, of the whole cluster: its id, nothing added."""
    return tenant


def sign_on(tenant: str) -> str:
    """Everything of a tenant's in the namespace of the proxies: its id, nothing added."""
    return tenant


def sign_on_certificate(tenant: str) -> str:
    """Secret with the certificate of a tenant's hosts. No id has two dashes in a row, so it is no other tenant's."""
    return f"{sign_on(tenant)}--certificate"


def priority_class(tier: str) -> str:
    """PriorityClass of a tier. The prefix keeps it apart from classes of other systems."""
    return f"{MANAGED_BY}-{tier}"


def priority_level(tenant: str) -> str:
    """Level and flow of a tenant at the API server. The prefix keeps it apart from Kubernetes' own."""
    return f"{MANAGED_BY}-{tenant}"


def workload_role(tenant: str, environment: str) -> str:
    """IAM role of a tenant's workloads, unique in the AWS account."""
    return f"{MANAGED_BY}-{environment}-{tenant}-workload"


def artifact_bucket(tenant: str, environment: str) -> str:
    """S3 bucket of a tenant's artifacts, unique in all of AWS."""
    return f"{MANAGED_BY}-{environment}-{tenant}-artifacts"


def predictor(version: str) -> str:
    """Predictor of a model's version: `v12` of 12, a hash of what is longer or no DNS label.

    It goes by the version and not by `stable` and `candidate`: what is promoted keeps its name, and so its pods.
    """
    if len(version) < PREDICTOR_MAX and re.fullmatch("[a-z0-9-]+", version):
        return f"v{version}"
    return f"v{hashlib.sha256(version.encode()).hexdigest()[: PREDICTOR_MAX - 1]}"


def model_deployment(model: str, predictor: str) -> str:
    """Deployment that Seldon's operator makes of a predictor. It puts a hash in place of a name that is too long."""
    return f"{model}-{predictor}-0-{MODEL_UNIT}"


MODEL_ID_MAX: Final = DNS_LABEL_MAX - len(model_deployment("", "v" * PREDICTOR_MAX))
"""Longest id of a model whose Deployments keep their names."""


def seldon_webhook(tenant: str) -> str:
    """ValidatingWebhookConfiguration of a tenant's Seldon operator, of the whole cluster: upstream's name for it."""
    return f"seldon-validating-webhook-configuration-{namespace(tenant)}"


def tenant_stack(tenant: str, environment: str) -> str:
    """Stack of one tenant in one environment, as in `vision.prod`."""
    return f"{tenant}.{environment}"


def platform_stack(environment: str) -> str:
    """Stack of the platform itself in one environment."""
    return f"{PLATFORM}.{environment}"


def split_stack(stack: str) -> tuple[str, str]:
    """The tenant (or `platform`) and the environment that a stack's name is made of.

    Raises:
        PlatformError: the name has not the form `<tenant>.<environment>`.
    """
    tenant, dot, environment = stack.partition(".")
    if not (tenant and dot and environment) or "." in environment:
        raise PlatformError(f'"{stack}" is no stack of Tenantry. Name it <tenant>.<environment>, as in "vision.prod".')
    return tenant, environment


def tenant_file(tenant: str) -> str:
    """Path of a tenant's file, relative to the repository's root."""
    return f"tenants/{tenant}/tenant.yaml"


def model_file(tenant: str, model: str) -> str:
    """Path of a model's file, relative to the repository's root."""
    return f"tenants/{tenant}/models/{model}.yaml"


def environment_file(environment: str) -> str:
    """Path of an environment's file, relative to the repository's root."""
    return f"infra/environments/{environment}.yaml"
