"""Taking others' traffic: services, endpoints, hosts and routes: A27 to A29."""

from __future__ import annotations

from tests.isolation.attack import EVERYBODY, Attack
from tests.isolation.attacks.access import at
from tests.isolation.calls import Call, Json, collection, create, merge
from tests.isolation.guards import Stop, denied, exceeded, forbidden, refused
from tests.isolation.objects import obj

DOMAIN = "ml.sandbox.test"
MINE, VICTIM = f"app.$own.{DOMAIN}", f"app.$other.{DOMAIN}"
GATEWAY, ISTIO = "gateway.networking.k8s.io/v1", "networking.istio.io/v1"


def service(**spec: object) -> Call:
    """A Service, in one field another than an ordinary one."""
    return create("services", obj("v1", "Service", spec={"selector": {"app": "x"}, "ports": [{"port": 80}]} | spec))


def serves(name: str, call: Call, *stops: Stop, control: Call | None = None) -> Attack:
    """A Service that developers may write, were it another."""
    return Attack(row="A27", name=name, call=call, control=control or service(), stops=stops, identities=EVERYBODY)


EXTERNAL_NAME = {"selector": None, "type": "ExternalName"}
DNS_NAMED = {"metadata": {"annotations": {"external-dns.alpha.kubernetes.io/hostname": VICTIM}}}
THEIRS = at("$own", "services", "theirs")
BALANCED = {"status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.1"}]}}}
LABELLED = {"metadata": {"labels": {"a": "b"}}}
HARMLESS = merge(THEIRS, {"metadata": {"annotations": {"team": "x"}}})
EXPOSED = denied("service-exposure")
SERVICES = (
    serves("node-port", service(type="NodePort"), EXPOSED, exceeded("services.nodeports")),
    serves(
        "load-balancer",
        service(type="LoadBalancer"),
        EXPOSED,
        exceeded("services.loadbalancers"),
        exceeded("services.nodeports"),
    ),
    serves("external-ips", service(externalIPs=["10.96.0.10"]), denied("service-exposure", "spec.externalIPs")),
    serves("external-name-of-victim", service(**EXTERNAL_NAME, externalName="theirs.$other.svc"), EXPOSED),
    serves("external-name-of-dns", service(**EXTERNAL_NAME, externalName="kube-dns.kube-system.svc"), EXPOSED),
    serves("external-dns", merge(THEIRS, DNS_NAMED), EXPOSED, control=HARMLESS),
    serves(
        "update-to-node-port",
        merge(THEIRS, {"spec": {"type": "NodePort"}}),
        EXPOSED,
        exceeded("services.nodeports"),
        control=HARMLESS,
    ),
    serves("update-external-ips", merge(THEIRS, {"spec": {"externalIPs": ["10.96.0.10"]}}), EXPOSED, control=HARMLESS),
    Attack(
        row="A27",
        name="status",
        call=merge(f"{THEIRS}/status", BALANCED),
        control=merge(f"{THEIRS}/status", {"status": {"conditions": []}}),
        allowed_to="platform",
        stops=(forbidden("patch", "services/status", "developer"), refused(422, "may only be used when")),
        identities=EVERYBODY,
    ),
)

SLICE = obj("discovery.k8s.io/v1", "EndpointSlice", addressType="IPv4")
ADDRESSES = {"victims-pod": "10.244.1.1", "metadata-service": "169.254.169.254", "loopback": "127.0.0.1"}


def refused_by(
    row: str,
    name: str,
    call: Call,
    plural: str,
    stop: Stop,
    *,
    verb: str = "create",
    control: Call | None = None,
    reached: str = "",
) -> Attack:
    """What RBAC refuses, and after it a rule. A control of its own needs the wider role, too."""
    return Attack(
        row=row,
        name=name,
        call=call,
        control=control,
        stops=(forbidden(verb, plural, "developer"), stop),
        identities=EVERYBODY,
        wide=control is not None,
        reached=reached,
    )


def elsewhere(address: str) -> Stop:
    """Kubernetes itself refuses loopback and link-local addresses, the rule any other."""
    return denied("endpoints") if address.startswith("10.") else refused(422, "may not be in the")


def slices(address: str) -> Call:
    """An EndpointSlice of one address."""
    return create("endpointslices", SLICE | {"endpoints": [{"addresses": [address]}]})


def endpoints(address: str) -> Call:
    """Endpoints of one address."""
    return create("endpoints", obj("v1", "Endpoints", subsets=[{"addresses": [{"ip": address}]}]))


ENDPOINTS = tuple(
    Attack(
        row="A28",
        name=f"{plural}-{name}",
        call=make(address),
        # The platform may, with an address of a pod.
        control=make(ADDRESSES["victims-pod"]),
        allowed_to="platform",
        stops=(forbidden("create", plural, "developer"), elsewhere(address)),
        identities=EVERYBODY,
    )
    for plural, make in (("endpointslices", slices), ("endpoints", endpoints))
    for name, address in ADDRESSES.items()
)

BACKEND = {"service": {"name": "theirs", "port": {"number": 80}}}


def ingress(host: str | None, **spec: object) -> Json:
    """An Ingress of one host."""
    http = {"paths": [{"path": "/", "pathType": "Prefix", "backend": BACKEND}]}
    rule = {"http": http} | ({"host": host} if host else {})
    return obj("networking.k8s.io/v1", "Ingress", spec={"rules": [rule]} | spec)


def ingresses(name: str, bad: Json, words: str = "") -> Attack:
    """An Ingress that takes a host of others."""
    good = create("ingresses", ingress(MINE))
    return refused_by(
        "A29", f"ingress-{name}", create("ingresses", bad), "ingresses", denied("ingress-hosts", words), control=good
    )


def http_route(**spec: object) -> Json:
    """A route of the Gateway API."""
    return obj(
        GATEWAY, "HTTPRoute", spec={"hostnames": [MINE], "rules": [{"backendRefs": [{"name": "theirs"}]}]} | spec
    )


def virtual_service(**spec: object) -> Json:
    """A route of Istio."""
    routes = [{"route": [{"destination": {"host": "theirs"}}]}]
    return obj(ISTIO, "VirtualService", spec={"hosts": [MINE], "http": routes} | spec)


ROUTE_TO_VICTIM = [{"route": [{"destination": {"host": "theirs.$other.svc.cluster.local"}}]}]
WALL: tuple[tuple[str, str, str, Json], ...] = (
    ("gateway", ISTIO, "gateways", {"kind": "Gateway", "spec": {"servers": [{"hosts": ["*"]}]}}),
    ("reference-grant", "gateway.networking.k8s.io/v1beta1", "referencegrants", {"kind": "ReferenceGrant"}),
    ("service-entry", ISTIO, "serviceentries", {"kind": "ServiceEntry", "spec": {"hosts": [VICTIM]}}),
    ("sidecar", ISTIO, "sidecars", {"kind": "Sidecar"}),
    ("authorization", "security.istio.io/v1", "authorizationpolicies", {"kind": "AuthorizationPolicy"}),
)
ROUTES = (
    ingresses("victims-host", ingress(VICTIM), VICTIM.replace("$other", "team-ab")),
    ingresses("platforms-host", ingress(f"grafana.{DOMAIN}")),
    ingresses("wildcard", ingress(f"*.{DOMAIN}")),
    ingresses("own-wildcard", ingress(f"*.$own.{DOMAIN}")),
    ingresses("every-host", ingress(None)),
    ingresses("default-backend", ingress(MINE, defaultBackend=BACKEND), "spec.defaultBackend"),
    ingresses("victims-tls", ingress(MINE, tls=[{"hosts": [VICTIM]}]), "spec.tls"),
    refused_by(
        "A29",
        "ingress-update",
        merge(at("$own", "ingresses", "theirs", "networking.k8s.io/v1"), {"spec": ingress(VICTIM)["spec"]}),
        "ingresses",
        denied("ingress-hosts", update=True),
        verb="patch",
        control=merge(at("$own", "ingresses", "theirs", "networking.k8s.io/v1"), LABELLED),
    ),
    refused_by(
        "A29",
        "http-route-host",
        create("httproutes", http_route(hostnames=[VICTIM])),
        "httproutes",
        denied("gateway-routes"),
        control=create("httproutes", http_route()),
    ),
    refused_by(
        "A29",
        "http-route-backend",
        create("httproutes", http_route(rules=[{"backendRefs": [{"name": "theirs", "namespace": "$other"}]}])),
        "httproutes",
        denied("gateway-routes", "backendRefs"),
        control=create("httproutes", http_route()),
    ),
    refused_by(
        "A29",
        "http-route-update",
        merge(at("$own", "httproutes", "theirs", GATEWAY), {"spec": {"hostnames": [VICTIM]}}),
        "httproutes",
        denied("gateway-routes", update=True),
        verb="patch",
        control=merge(at("$own", "httproutes", "theirs", GATEWAY), LABELLED),
    ),
    refused_by(
        "A29",
        "virtual-service-host",
        create("virtualservices", virtual_service(hosts=[VICTIM])),
        "virtualservices",
        denied("mesh-routes"),
        control=create("virtualservices", virtual_service()),
    ),
    refused_by(
        "A29",
        "virtual-service-wildcard",
        create("virtualservices", virtual_service(hosts=["*"])),
        "virtualservices",
        denied("mesh-routes"),
        control=create("virtualservices", virtual_service()),
    ),
    refused_by(
        "A29",
        "virtual-service-backend",
        create("virtualservices", virtual_service(http=ROUTE_TO_VICTIM)),
        "virtualservices",
        denied("mesh-routes"),
        control=create("virtualservices", virtual_service()),
    ),
    refused_by(
        "A29",
        "virtual-service-update",
        merge(at("$own", "virtualservices", "theirs", ISTIO), {"spec": {"hosts": [VICTIM]}}),
        "virtualservices",
        denied("mesh-routes", update=True),
        verb="patch",
        control=merge(at("$own", "virtualservices", "theirs", ISTIO), LABELLED),
    ),
    *(
        refused_by(
            "A29",
            name,
            Call(
                method="POST", path=collection(version, plural), body=obj(version, **rest, metadata={"name": "$name"})
            ),
            plural,
            denied("shared-configuration"),
        )
        for name, version, plural, rest in WALL
    ),
)

ATTACKS: tuple[Attack, ...] = (*SERVICES, *ENDPOINTS, *ROUTES)
NEIGHBOURS: tuple[Json, ...] = (ingress(MINE), http_route(), virtual_service())
"""Objects called `theirs` that updates are tried on."""
