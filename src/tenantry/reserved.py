"""Ids that no tenant may have: a tenant's id is a namespace, a stack and a folder, and these are taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tenantry.names import PLATFORM

NAMES: Final = {
    **dict.fromkeys((PLATFORM, "all", "none", "tenants", "models"), "a word of Tenantry's own"),
    **dict.fromkeys(("default", "local", "localhost", "svc", "cluster"), "a word of Kubernetes and of DNS"),
    **dict.fromkeys(
        ("true", "false", "null", "yes", "no", "on", "off", "y", "n"), "a value and not a name to some YAML programs"
    ),
    **dict.fromkeys(
        (
            "argo",
            "argocd",
            "cert-manager",
            "external-dns",
            "external-secrets",
            "gatekeeper",
            "gpu-operator",
            "grafana",
            "ingress-nginx",
            "karpenter",
            "keda",
            "kueue",
            "kyverno",
            "loki",
            "minio",
            "mlflow",
            "monitoring",
            "observability",
            "opencost",
            "prometheus",
            "tekton",
            "velero",
        ),
        "the usual namespace of a controller",
    ),
}
"""Whole ids, with the reason."""

PREFIXES: Final = {
    "kube-": "Kubernetes keeps this prefix",
    "kubeflow": "Kubeflow's namespaces start so",
    "seldon": "Seldon's namespaces start so",
    "istio": "Istio's namespaces start so",
    "knative": "Knative's namespaces start so",
    "openshift": "OpenShift's namespaces start so",
    "tenantry": "Tenantry's own names start so",
    "amazon-": "Amazon's add-ons start so",
    "aws-": "Amazon's add-ons start so",
    "nvidia": "NVIDIA's operators start so",
}
"""Starts of ids, with the reason."""

SUFFIXES: Final = {"-system": "namespaces of controllers end so"}
"""Ends of ids, with the reason."""


def reason(tenant: str, also: Iterable[str] = ()) -> str | None:
    """Why an id is reserved; nothing where it is free.

    Args:
        tenant: the id.
        also: the environment's own reserved ids.
    """
    if found := NAMES.get(tenant):
        return found
    if tenant in also:
        return "the environment's file reserves it"
    starts = (why for prefix, why in PREFIXES.items() if tenant.startswith(prefix))
    ends = (why for suffix, why in SUFFIXES.items() if tenant.endswith(suffix))
    return next(starts, None) or next(ends, None)
