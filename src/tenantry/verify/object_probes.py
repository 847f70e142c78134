"""Objects beside pods that must be refused. Each differs from a harmless one in one field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tenantry import names
from tenantry.kube import Json
from tenantry.verify.probe import NAME, Facts, Probe, namespaced


def _core(guard: str, what: str, kind: str, rest: Mapping[str, Any]) -> Probe:
    """Something that developers may write."""
    return Probe(guard, what, lambda facts: namespaced(facts, "v1", kind, rest))


def _custom(guard: str, what: str, api_version: str, kind: str, spec: Mapping[str, Any]) -> Probe:
    """Something that no role lets tenants write: asked for by whoever verifies, so that the rule is seen."""
    return Probe(
        guard,
        what,
        lambda facts: namespaced(facts, api_version, kind, {"spec": _filled(spec, facts)}),
        actor="verifier",
        optional=True,
    )


def _filled(value: Any, facts: Facts) -> Any:  # noqa: ANN401 - JSON
    """A spec with the tenant's image and host in place of `$image` and `$host`."""
    if isinstance(value, Mapping):
        return {key: _filled(item, facts) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, facts) for item in value]
    return {"$image": facts.image, "$host": facts.host}.get(value, value) if isinstance(value, str) else value


def _marked(facts: Facts) -> Json:
    made = namespaced(facts, "v1", "ConfigMap", {})
    made["metadata"]["labels"] = {names.MANAGED_BY_LABEL: names.MANAGED_BY, names.TENANT_LABEL: facts.tenant}
    return made


def _owned(facts: Facts) -> Json:
    owner = {"apiVersion": "v1", "kind": "Namespace", "name": "default", "uid": "00000000-0000-0000-0000-000000000000"}
    made = namespaced(facts, "v1", "ConfigMap", {})
    made["metadata"]["ownerReferences"] = [owner]
    return made


def _bound_volume(facts: Facts) -> Json:
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
        "storageClassName": facts.storage_class,
        "volumeName": "of-somebody-else",
    }
    return namespaced(facts, "v1", "PersistentVolumeClaim", {"spec": spec})


def _token(facts: Facts) -> Json:
    made = namespaced(facts, "v1", "Secret", {"type": "kubernetes.io/service-account-token"})
    made["metadata"]["annotations"] = {"kubernetes.io/service-account.name": "default"}
    return made


STEP: Final = {"name": "main", "container": {"image": "$image", "command": ["true"]}}
GRAPH: Final = {"name": "model", "implementation": "SKLEARN_SERVER"}

OBJECT_PROBES: Final = (
    Probe("owned-objects", "an object with the platform's labels", _marked),
    Probe("owner-references", "an object owned by one of the whole cluster", _owned),
    Probe(
        "reserved-names",
        "settings of Pipelines under their own name",
        lambda facts: namespaced(facts, "v1", "ConfigMap", {}, name="artifact-repositories"),
    ),
    Probe("volume-claims", "a claim of somebody else's volume", _bound_volume),
    Probe("token-secrets", "a token of a service account that never ends", _token),
    _core(
        "service-exposure",
        "a service that takes others' addresses",
        "Service",
        {"spec": {"ports": [{"port": 80}], "externalIPs": ["192.0.2.1"]}},
    ),
    _custom(
        "ingress-hosts",
        "an ingress of a host that is another's",
        "networking.k8s.io/v1",
        "Ingress",
        {"rules": [{"host": "host.invalid"}]},
    ),
    _custom(
        "gateway-routes",
        "a route of a host that is another's",
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        {"hostnames": ["host.invalid"]},
    ),
    _custom(
        "mesh-routes",
        "a mesh route of a host that is another's",
        "networking.istio.io/v1",
        "VirtualService",
        {"hosts": ["host.invalid"], "http": []},
    ),
    _custom(
        "workflow-references",
        "a workflow that patches its pods",
        "argoproj.io/v1alpha1",
        "Workflow",
        {"entrypoint": "main", "podSpecPatch": '{"hostNetwork": true}', "templates": [STEP]},
    ),
    _custom(
        "workflow-pods",
        "a workflow in its nodes' network",
        "argoproj.io/v1alpha1",
        "Workflow",
        {"entrypoint": "main", "hostNetwork": True, "templates": [STEP]},
    ),
    _custom(
        "model-sources",
        "a model whose loader is another program",
        "machinelearning.seldon.io/v1",
        "SeldonDeployment",
        {
            "name": NAME,
            "predictors": [{"name": "default", "graph": {**GRAPH, "storageInitializerImage": "$image"}}],
        },
    ),
    _custom(
        "model-pods",
        "a model in its node's network",
        "machinelearning.seldon.io/v1",
        "SeldonDeployment",
        {
            "name": NAME,
            "predictors": [{"name": "default", "graph": GRAPH, "componentSpecs": [{"spec": {"hostNetwork": True}}]}],
        },
    ),
    _custom(
        "scrape-targets",
        "a monitor of other namespaces",
        "monitoring.coreos.com/v1",
        "ServiceMonitor",
        {"selector": {}, "endpoints": [{"port": "metrics"}], "namespaceSelector": {"any": True}},
    ),
    _custom(
        "alert-rules",
        "an alert under one of the platform's names",
        "monitoring.coreos.com/v1",
        "PrometheusRule",
        {"groups": [{"name": NAME, "rules": [{"alert": "TenantryQuotaFull", "expr": "vector(1)"}]}]},
    ),
)
"""At least one for each rule that a request in a dry run can reach."""

UNSHOWN: Final[Mapping[str, str]] = {
    "model-gate": "By hand a model is refused where the tier has model_approval alone; files are the platform's.",
    "pod-runtime-class": "Kubernetes itself refuses a class that is not there, and none is made for the question.",
    **dict.fromkeys(
        (
            "endpoints",
            "network-policies",
            "owned-namespaces",
            "pod-binding",
            "resource-claims",
            "rights-and-limits",
            "shared-configuration",
        ),
        "No role lets a tenant come so far, and whoever verifies is the platform, which the rule does not hold.",
    ),
}
"""Rules that no dry run shows, and why. Their policies and bindings are compared with what was rendered, and the
rights before them are asked for."""
