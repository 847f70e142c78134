"""Objects that a rule admits, and the one field that makes it refuse them."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from tenantry.kube import Json
from tests.sandbox.guarded import HOST


@dataclass(frozen=True)
class Case:
    """One object and the change that a rule is about."""

    rule: str
    good: Json
    path: str
    """Dotted way to the field; numbers count in lists."""
    value: Any
    says: str
    """First sentence of the denial, after the rule's name."""

    def __str__(self) -> str:
        return f"{self.rule}-{self.good['kind']}-{self.path}"

    @property
    def bad(self) -> Json:
        """The object with that one field changed."""
        return changed(self.good, self.path, self.value)


def changed(obj: Json, path: str, value: Any) -> Json:
    """A copy with one field set; maps on the way are made."""
    made = copy.deepcopy(obj)
    *way, last = path.split(".")
    at: Any = made
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
    at[int(last) if isinstance(at, list) else last] = value
    return made


def obj(api_version: str, kind: str, **fields: Any) -> Json:
    """An object named `x`."""
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, **fields}


SERVICE = obj("v1", "Service", spec={"ports": [{"port": 80}], "selector": {"app": "x"}})
CLAIM = obj(
    "v1",
    "PersistentVolumeClaim",
    spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
)
CONFIG = obj("v1", "ConfigMap", data={"a": "b"})
SECRET = obj("v1", "Secret", type="Opaque")
INGRESS = obj(
    "networking.k8s.io/v1",
    "Ingress",
    spec={
        "rules": [
            {
                "host": f"app.{HOST}",
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "x", "port": {"number": 80}}},
                        }
                    ]
                },
            }
        ],
        "tls": [{"hosts": [f"app.{HOST}"]}],
    },
)
VIRTUAL_SERVICE = obj(
    "networking.istio.io/v1",
    "VirtualService",
    spec={
        "hosts": [f"app.{HOST}"],
        "http": [{"match": [{"uri": {"prefix": "/seldon/NAMESPACE/x/"}}], "route": [{"destination": {"host": "x"}}]}],
    },
)
DESTINATION_RULE = obj("networking.istio.io/v1", "DestinationRule", spec={"host": "x.NAMESPACE.svc.cluster.local"})
SERVICE_MONITOR = obj(
    "monitoring.coreos.com/v1",
    "ServiceMonitor",
    spec={
        "selector": {"matchLabels": {"app": "x"}},
        "namespaceSelector": {"matchNames": ["NAMESPACE"]},
        "endpoints": [{"port": "metrics", "relabelings": [{"targetLabel": "team", "replacement": "vision"}]}],
    },
)
PROMETHEUS_RULE = obj(
    "monitoring.coreos.com/v1",
    "PrometheusRule",
    spec={"groups": [{"name": "a", "rules": [{"alert": "Slow", "expr": "up == 0", "labels": {"severity": "info"}}]}]},
)

LABELS = (
    'metadata.labels of ConfigMap "x" make it the platform\'s: it can be neither made, changed, relabelled nor deleted'
    " by hand"
)
READ_BY_PLATFORM = "is read by a part of the platform, and written by the platform alone"
HOSTS_FIX = "is none of the team's hosts"
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
    Case(
        "ingress-hosts",
        INGRESS,
        "spec.rules.0.host",
        "app.nlp.ml.sandbox.test",
        f'spec.rules.host "app.nlp.ml.sandbox.test" {HOSTS_FIX}',
    ),
    Case("ingress-hosts", INGRESS, "spec.rules.0.host", f"*.{HOST}", f'spec.rules.host "*.{HOST}" {HOSTS_FIX}'),
    Case("ingress-hosts", INGRESS, "spec.rules.0.host", f"evil{HOST}", f'spec.rules.host "evil{HOST}" {HOSTS_FIX}'),
    Case("ingress-hosts", INGRESS, "spec.rules.0.host", "", f'spec.rules.host "" {HOSTS_FIX}'),
    Case(
        "ingress-hosts",
        INGRESS,
        "spec.tls.0.hosts",
        ["ml.sandbox.test"],
        "spec.tls.hosts has a host that is none of the team's",
    ),
    Case(
        "ingress-hosts",
        INGRESS,
        "spec.defaultBackend",
        {"service": {"name": "x", "port": {"number": 80}}},
        "spec.defaultBackend takes the traffic of every host",
    ),
    Case(
        "ingress-hosts",
        INGRESS,
        "metadata.annotations",
        {"nginx.ingress.kubernetes.io/server-snippet": "x"},
        "metadata.annotations writes the gateway's configuration or takes a host name past this rule",
    ),
    Case(
        "mesh-routes",
        VIRTUAL_SERVICE,
        "spec.hosts",
        ["app.nlp.ml.sandbox.test"],
        "spec.hosts has a host that is none of the team's",
    ),
    Case(
        "mesh-routes",
        VIRTUAL_SERVICE,
        "spec.hosts",
        ["model.nlp.svc.cluster.local"],
        "spec.hosts has a host that is none of the team's",
    ),
    Case(
        "mesh-routes",
        VIRTUAL_SERVICE,
        "spec.http.0.route.0.destination.host",
        "x.nlp.svc.cluster.local",
        "spec.http.route.destination.host is no service of this namespace",
    ),
    Case(
        "mesh-routes",
        VIRTUAL_SERVICE,
        "spec.http.0.mirror",
        {"host": "x.nlp"},
        "spec.http.route.destination.host is no service of this namespace",
    ),
    Case(
        "mesh-routes",
        changed(VIRTUAL_SERVICE, "spec.hosts", ["*"]),
        "spec.http.0.match.0.uri.prefix",
        "/seldon/nlp/x/",
        "spec.hosts has a host that is none of the team's",
    ),
    Case(
        "mesh-routes",
        DESTINATION_RULE,
        "spec.host",
        "x.nlp.svc.cluster.local",
        "spec.hosts has a host that is none of the team's",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.namespaceSelector",
        {"any": True},
        "spec.namespaceSelector has other namespaces scraped",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.namespaceSelector.matchNames",
        ["nlp"],
        "spec.namespaceSelector has other namespaces scraped",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.bearerTokenFile",
        "/var/run/secrets/token",
        "spec.endpoints reads a file of Prometheus' own or goes through a proxy",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.tlsConfig",
        {"keyFile": "/etc/key"},
        "spec.endpoints reads a file of Prometheus' own or goes through a proxy",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.honorLabels",
        True,
        "spec.endpoints.honorLabels lets pods report under another namespace's name",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.relabelings.0.targetLabel",
        "__address__",
        "spec.endpoints.relabelings steers where Prometheus connects to, or whose the metrics are",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.endpoints.0.relabelings.0.action",
        "LabelMap",
        "spec.endpoints.relabelings steers where Prometheus connects to, or whose the metrics are",
    ),
    Case(
        "scrape-targets",
        SERVICE_MONITOR,
        "spec.attachMetadata",
        {"node": True},
        "spec.attachMetadata.node attaches labels of the nodes",
    ),
    Case(
        "alert-rules",
        PROMETHEUS_RULE,
        "spec.groups.0.rules.0.labels.namespace",
        "nlp",
        "spec.groups.rules.labels.namespace is another namespace's: its alerts are not this team's",
    ),
    Case(
        "alert-rules",
        PROMETHEUS_RULE,
        "spec.groups.0.rules.0.alert",
        "TenantryQuotaFull",
        "spec.groups.rules.alert begins with Tenantry, as only the platform's alerts and records do",
    ),
)
"""Of services, routes, secrets, volumes, monitoring and ownership."""

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
