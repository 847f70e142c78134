"""Objects that a rule admits, and the one field that makes it refuse them."""

from __future__ import annotations

from tests.sandbox.case import Case, changed, obj

SERVICE = obj("v1", "Service", spec={"ports": [{"port": 80}], "selector": {"app": "x"}})
CLAIM = obj(
    "v1",
    "PersistentVolumeClaim",
    spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
)
CONFIG = obj("v1", "ConfigMap", data={"a": "b"})
SECRET = obj("v1", "Secret", type="Opaque")

LABELS = (
    'metadata.labels of ConfigMap "x" make it the platform\'s: it can be neither made, changed, relabelled nor deleted'
    " by hand"
)
READ_BY_PLATFORM = "is read by a part of the platform, and written by the platform alone"
ONLY = "is written by the platform alone: "

POD_SPEC = {"containers": [{"name": "main", "image": "docker.io/library/python:3.12"}]}
POD = obj("v1", "Pod", spec=POD_SPEC)
DEPLOYMENT = obj(
    "apps/v1",
    "Deployment",
    spec={
        "selector": {"matchLabels": {"app": "x"}},
        "template": {"metadata": {"labels": {"app": "x"}}, "spec": {**POD_SPEC, "serviceAccountName": "serving"}},
    },
)
CRON_JOB = obj(
    "batch/v1",
    "CronJob",
    spec={
        "schedule": "0 * * * *",
        "jobTemplate": {"spec": {"template": {"spec": {**POD_SPEC, "restartPolicy": "Never"}}}},
    },
)
ARGO_ACCOUNT = 'spec.serviceAccountName "argo" is the account of a part of the platform, and has its rights'

OBJECTS = (
    Case("workload-accounts", POD, "spec.serviceAccountName", "argo", ARGO_ACCOUNT),
    Case("workload-accounts", DEPLOYMENT, "spec.template.spec.serviceAccountName", "argo", ARGO_ACCOUNT),
    Case("workload-accounts", CRON_JOB, "spec.jobTemplate.spec.template.spec.serviceAccount", "argo", ARGO_ACCOUNT),
    Case(
        "service-exposure",
        SERVICE,
        "spec.type",
        "NodePort",
        SERVICE_TYPE := "spec.type \"NodePort\" opens a way past the platform's gateway, or to another's service",
    ),
    Case("service-exposure", SERVICE, "spec.type", "LoadBalancer", SERVICE_TYPE.replace("NodePort", "LoadBalancer")),
    Case(
        "service-exposure",
        SERVICE,
        "spec",
        {"type": "ExternalName", "externalName": "x.other.svc.cluster.local"},
        SERVICE_TYPE.replace("NodePort", "ExternalName"),
    ),
    Case(
        "service-exposure",
        SERVICE,
        "spec.externalIPs",
        ["192.0.2.1"],
        'spec.externalIPs "192.0.2.1" takes traffic that is meant for others (CVE-2020-8554)',
    ),
    Case(
        "service-exposure",
        SERVICE,
        "metadata.annotations",
        {"external-dns.alpha.kubernetes.io/hostname": "nlp.ml.sandbox.test"},
        'metadata.annotations "external-dns.alpha.kubernetes.io/hostname" takes a host name past the rule of hosts',
    ),
    Case(
        "token-secrets",
        SECRET,
        "type",
        "bootstrap.kubernetes.io/token",
        'type "bootstrap.kubernetes.io/token" makes Kubernetes issue a token that never expires',
    ),
    Case(
        "token-secrets",
        changed(SECRET, "metadata.annotations", {"kubernetes.io/service-account.name": "default"}),
        "type",
        "kubernetes.io/service-account-token",
        'type "kubernetes.io/service-account-token" makes Kubernetes issue a token that never expires',
    ),
    Case(
        "volume-claims",
        CLAIM,
        "spec.volumeName",
        "pv-of-nlp",
        'spec.volumeName "pv-of-nlp" takes a certain volume, whosever it was',
    ),
    Case(
        "volume-claims",
        CLAIM,
        "spec.selector",
        {"matchLabels": {"team": "nlp"}},
        "spec.selector chooses among volumes that are there, whosever they were",
    ),
    Case(
        "volume-claims",
        CLAIM,
        "spec.storageClassName",
        "platform",
        'spec.storageClassName "platform" is none of the team\'s storage classes',
    ),
    Case(
        "volume-claims",
        CLAIM,
        "spec.storageClassName",
        "",
        'spec.storageClassName "" is none of the team\'s storage classes',
    ),
    Case(
        "owned-objects",
        CONFIG,
        "metadata.labels",
        {"tenantry.dev/tenant": "nlp"},
        LABELS,
    ),
    Case(
        "owned-objects",
        CONFIG,
        "metadata.labels",
        {"app.kubernetes.io/managed-by": "tenantry"},
        LABELS,
    ),
    Case(
        "reserved-names",
        CONFIG,
        "metadata.name",
        "kfp-launcher",
        f'metadata.name "kfp-launcher" {READ_BY_PLATFORM}',
    ),
    Case(
        "reserved-names",
        SECRET,
        "metadata.name",
        "mlpipeline-minio-artifact",
        f'metadata.name "mlpipeline-minio-artifact" {READ_BY_PLATFORM}',
    ),
    Case(
        "owner-references",
        changed(CONFIG, "metadata.ownerReferences", [{"apiVersion": "v1", "kind": "Pod", "name": "n", "uid": "1"}]),
        "metadata.ownerReferences.0.kind",
        "Node",
        'metadata.ownerReferences to Node "n" is to a kind that owns nothing in a tenant\'s namespace',
    ),
)
"""Of accounts, services, secrets, volumes and ownership."""

EXCLUSIVE = (
    (
        "endpoints",
        obj("v1", "Endpoints", subsets=[{"addresses": [{"ip": "10.244.0.9"}], "ports": [{"port": 80}]}]),
        ONLY + "an address in it may be another team's pod, the node's or the cloud's metadata service",
    ),
    (
        "endpoints",
        obj("discovery.k8s.io/v1", "EndpointSlice", addressType="IPv4", endpoints=[{"addresses": ["10.244.0.9"]}]),
        ONLY + "an address in it may be another team's pod, the node's or the cloud's metadata service",
    ),
    (
        "network-policies",
        obj("networking.k8s.io/v1", "NetworkPolicy", spec={"podSelector": {}, "egress": [{}]}),
        ONLY + "policies add up, and one opens what all others close",
    ),
    (
        "rights-and-limits",
        obj("v1", "ResourceQuota", spec={"hard": {"pods": "1000"}}),
        ONLY + "it says what the team may do and hold",
    ),
    ("rights-and-limits", obj("v1", "LimitRange", spec={"limits": []}), ONLY + "it says what the team may do and hold"),
    ("rights-and-limits", obj("v1", "ServiceAccount"), ONLY + "it says what the team may do and hold"),
    (
        "rights-and-limits",
        obj("rbac.authorization.k8s.io/v1", "Role", rules=[]),
        ONLY + "it says what the team may do and hold",
    ),
    (
        "rights-and-limits",
        obj(
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        ),
        ONLY + "it says what the team may do and hold",
    ),
    (
        "rights-and-limits",
        obj("kueue.x-k8s.io/v1beta2", "LocalQueue", spec={"clusterQueue": "nlp"}),
        ONLY + "it says what the team may do and hold",
    ),
    (
        "resource-claims",
        obj(
            "resource.k8s.io/v1",
            "ResourceClaim",
            spec={"devices": {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "gpu"}}]}},
        ),
        ONLY + "a device that is claimed passes the quota of GPUs",
    ),
    (
        "resource-claims",
        obj(
            "resource.k8s.io/v1",
            "ResourceClaimTemplate",
            spec={"spec": {"devices": {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "gpu"}}]}}},
        ),
        ONLY + "a device that is claimed passes the quota of GPUs",
    ),
    (
        "shared-configuration",
        obj("networking.istio.io/v1", "ServiceEntry", spec={"hosts": ["app.nlp.ml.sandbox.test"]}),
        ONLY + "it steers a gateway, a monitoring system or an operator that all teams share",
    ),
    (
        "shared-configuration",
        obj("networking.istio.io/v1", "Gateway", spec={}),
        ONLY + "it steers a gateway, a monitoring system or an operator that all teams share",
    ),
    (
        "shared-configuration",
        obj("monitoring.coreos.com/v1", "Probe", spec={}),
        ONLY + "it steers a gateway, a monitoring system or an operator that all teams share",
    ),
    (
        "shared-configuration",
        obj("monitoring.coreos.com/v1alpha1", "ScrapeConfig", spec={}),
        ONLY + "it steers a gateway, a monitoring system or an operator that all teams share",
    ),
)
"""Rule, object and first sentence of the denial: whoever is the platform may make it, and nobody else."""
