"""Routes: what is admitted, and the one field that is refused."""

from __future__ import annotations

from tests.sandbox.case import Case, changed, obj
from tests.sandbox.guarded import HOST

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
HOSTS_FIX = "is none of the team's hosts"

ROUTES = (
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
)
